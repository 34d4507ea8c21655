namespace MsSrConvert.GraphIR.Shapes;

/// <summary>What shape inference found.</summary>
public sealed class ShapeMap
{
    private readonly Dictionary<Value, TensorType> _types = [];
    private readonly Dictionary<Value, Scalar[]?> _contents = [];
    private readonly List<ShapeConflict> _conflicts = [];

    internal ShapeMap()
    {
    }

    /// <summary>Nodes whose shapes don't fit together, in execution order.</summary>
    public IReadOnlyList<ShapeConflict> Conflicts => _conflicts;

    /// <summary>The shape of a value, or null where the rank is unknown.</summary>
    public Shape? ShapeOf(Value value) => TypeOf(value)?.Shape;

    /// <summary>The type of a value, or null.</summary>
    public TensorType? TypeOf(Value value)
    {
        if (_types.TryGetValue(value, out var type))
            return type;
        return value.Initializer is { } data ? new TensorType(data.Element, data.Shape) : null;
    }

    /// <summary>
    /// The elements of a small integer tensor (a shape, axes, pads) in row-major order, or null; single elements may be unknown.
    /// </summary>
    public IReadOnlyList<Dim>? ContentOf(Value value)
    {
        if (ScalarsOf(value) is not { } content || TypeOf(value)?.Element is not { } element || element.IsFloatingPoint())
            return null;
        return Array.ConvertAll(content, s => s.Dim);
    }

    /// <summary>
    /// The elements of a small tensor (the scales of a Resize, a constant factor) in row-major order as numbers; null unless all
    /// are known.
    /// </summary>
    public IReadOnlyList<double>? NumbersOf(Value value)
    {
        var numbers = ScalarsOf(value)?.Select(s => s.Number).ToArray();
        return numbers is null || numbers.Contains(null) ? null : Array.ConvertAll(numbers, n => n!.Value);
    }

    internal Scalar[]? ScalarsOf(Value value)
    {
        if (_contents.TryGetValue(value, out var content))
            return content;
        if (value.Initializer is not { } data)
            return null;
        return _contents[value] = Content.Of(data);
    }

    internal void SetType(Value value, TensorType type) => _types[value] = type;

    internal void SetContent(Value value, Scalar[] content) => _contents[value] = content;

    internal void Report(ShapeConflict conflict) => _conflicts.Add(conflict);
}
