using MsSrConvert.GraphIR;

namespace MsSrConvert.Operators;

/// <summary>The kinds of attributes.</summary>
internal enum AttributeKind
{
    /// <summary>One integer.</summary>
    Int,
    /// <summary>One float.</summary>
    Float,
    /// <summary>One text.</summary>
    Text,
    /// <summary>One tensor.</summary>
    Tensor,
    /// <summary>One graph.</summary>
    Graph,
    /// <summary>A list of integers.</summary>
    Ints,
    /// <summary>A list of floats.</summary>
    Floats,
    /// <summary>A list of texts.</summary>
    Texts,
}

/// <summary>What one attribute of an operator may be.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Its kind.</param>
internal sealed record AttributeRule(string Name, AttributeKind Kind)
{
    /// <summary>What holds where a node leaves it out: a number, a text, or each entry of a list; null for nothing.</summary>
    public object? Default { get; init; }

    /// <summary>The version of the set that added it to an operator which was there before; null where none did.</summary>
    public int? AddedIn { get; init; }

    /// <summary>True where any value may be left out for versions that don't have it.</summary>
    public bool NeverMatters { get; init; }

    /// <summary>True where a node must state it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The smallest number it may be or hold.</summary>
    public long Min { get; init; } = long.MinValue;

    /// <summary>The largest.</summary>
    public long Max { get; init; } = long.MaxValue;

    /// <summary>The only texts it may be; null for any.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>An integer.</summary>
    public static AttributeRule Int(string name, long? fallback = null, long min = long.MinValue, long max = long.MaxValue) =>
        new(name, AttributeKind.Int) { Default = fallback, Min = min, Max = max };

    /// <summary>0 or 1.</summary>
    public static AttributeRule Flag(string name, long fallback = 0) => Int(name, fallback);

    /// <summary>An axis; where it may lie depends on the data's rank, which the shape rules know.</summary>
    public static AttributeRule Axis(string name = "axis", long? fallback = null) => Int(name, fallback);

    /// <summary>A float.</summary>
    public static AttributeRule Float(string name, float? fallback = null) =>
        new(name, AttributeKind.Float) { Default = fallback };

    /// <summary>A text, of the given words only where there are any.</summary>
    public static AttributeRule Text(string name, string? fallback = null, params IReadOnlyList<string> words) =>
        new(name, AttributeKind.Text) { Default = fallback, Words = words.Count == 0 ? null : words };

    /// <summary>A list of integers, each the default where a node leaves it out.</summary>
    public static AttributeRule Ints(string name, long min = long.MinValue, long? fallback = null) =>
        new(name, AttributeKind.Ints) { Min = min, Default = fallback };

    /// <summary>An attribute of another kind.</summary>
    public static AttributeRule Of(string name, AttributeKind kind) => new(name, kind);

    /// <summary>The same attribute, which a node must state.</summary>
    public AttributeRule Required() => this with { IsRequired = true };

    /// <summary>The same attribute, which came with a version of the operator set; a node without it means the default.</summary>
    public AttributeRule Added(int opset) => this with { AddedIn = opset };

    /// <summary>True for a value that means what leaving the attribute out means.</summary>
    public bool SaysNothing(AttributeValue value) => NeverMatters || (Default, value) switch
    {
        (long number, IntAttribute one) => one.Value == number,
        (long number, IntsAttribute many) => many.Values.All(v => v == number),
        (string text, StringAttribute one) => one.Text == text,
        _ => false,
    };

    /// <summary>The kind in words.</summary>
    public static string Describe(AttributeKind kind) => kind switch
    {
        AttributeKind.Int => "an integer",
        AttributeKind.Float => "a float",
        AttributeKind.Text => "a text",
        AttributeKind.Tensor => "a tensor",
        AttributeKind.Graph => "a graph",
        AttributeKind.Ints => "a list of integers",
        AttributeKind.Floats => "a list of floats",
        _ => "a list of texts",
    };
}
