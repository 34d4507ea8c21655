namespace MsSrConvert.GraphIR;

/// <summary>The type of a value: a tensor, or a type the converter only carries along.</summary>
public abstract record IrType
{
    private protected IrType()
    {
    }

    /// <summary>What the type means to an application (<c>DATA_BATCH</c> …), as ONNX's denotation field states it.</summary>
    public string Denotation { get; init; } = "";
}

/// <summary>A dense tensor.</summary>
/// <param name="Element">The element type.</param>
/// <param name="Shape">The shape, or null where not even the rank is known.</param>
public sealed record TensorType(ElementType Element, Shape? Shape) : IrType
{
    /// <summary>Denotations of the dimensions (<c>DATA_CHANNEL</c> …), or null where none is stated.</summary>
    public IReadOnlyList<string>? DimDenotations { get; init; }

    /// <inheritdoc/>
    public bool Equals(TensorType? other) =>
        other is not null && Element == other.Element && Equals(Shape, other.Shape) && Denotation == other.Denotation;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Element, Shape);

    /// <summary><c>float[1, 3, height, width]</c>.</summary>
    public override string ToString() => $"{Element.ToString().ToLowerInvariant()}{Shape?.ToString() ?? "[...]"}";
}

/// <summary>A sequence, map, optional or sparse tensor: kept as the file states it.</summary>
/// <param name="Kind">The kind in words, for messages.</param>
/// <param name="Wire">The type's encoding in the file.</param>
public sealed record OtherType(string Kind, ReadOnlyMemory<byte> Wire) : IrType
{
    /// <inheritdoc/>
    public override string ToString() => Kind;
}
