namespace MsSrConvert.Operators;

/// <summary>What an operator reads at one place.</summary>
/// <param name="Name">The place's name in ONNX's description of the operator.</param>
/// <param name="Types">The element types it takes.</param>
internal sealed record Operand(string Name, TypeSet Types)
{
    /// <summary>True where a node may leave it out.</summary>
    public bool IsOptional { get; init; }

    /// <summary>True where any number of values may follow from this place on.</summary>
    public bool IsVariadic { get; init; }

    /// <summary>Operands of one letter have one element type; null for an operand that stands alone.</summary>
    public string? SameType { get; init; }

    /// <summary>The smallest number of dimensions.</summary>
    public int MinRank { get; init; }

    /// <summary>The largest number of dimensions.</summary>
    public int MaxRank { get; init; } = int.MaxValue;

    /// <summary>An operand whose type is the operator's main one, <c>T</c>.</summary>
    public static Operand T(string name, TypeSet types) => new(name, types) { SameType = "T" };

    /// <summary>An operand of a type of its own.</summary>
    public static Operand Of(string name, TypeSet types) => new(name, types);

    /// <summary>An operand that is a list of 64-bit integers: axes, pads, a shape.</summary>
    public static Operand List(string name) => new(name, TypeSet.Int64) { MaxRank = 1 };

    /// <summary>An operand that holds one element: a rank of 0, or of 1.</summary>
    public static Operand Single(string name, TypeSet types) => new(name, types) { MaxRank = 1 };

    /// <summary>The same operand, left out where it isn't wanted.</summary>
    public Operand Optional() => this with { IsOptional = true };

    /// <summary>The same operand, any number of times.</summary>
    public Operand Variadic() => this with { IsVariadic = true };

    /// <summary>The same operand with a number of dimensions.</summary>
    public Operand Rank(int min, int max = int.MaxValue) => this with { MinRank = min, MaxRank = max };

    /// <summary>The same operand, of one type with those of the same letter.</summary>
    public Operand As(string letter) => this with { SameType = letter };
}
