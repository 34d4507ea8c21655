using MsSrConvert.GraphIR;

namespace MsSrConvert.Operators;

/// <summary>A node is described wrongly: what is wrong and what is right.</summary>
/// <param name="Id">The diagnostic's id.</param>
/// <param name="Message">One sentence without the node's name.</param>
internal sealed record OperandFault(string Id, string Message);

/// <summary>One node's operands and attributes as far as they are known, and what is found wrong with them.</summary>
/// <param name="node">The node.</param>
/// <param name="description">What its operator says.</param>
/// <param name="scope">What is known where it stands.</param>
internal sealed class NodeOperands(Node node, OperatorForm description, Scope scope)
{
    public const string BadAttribute = "MSSR1030";
    public const string BadCount = "MSSR1031";
    public const string BadOperand = "MSSR1032";

    private readonly List<OperandFault> _faults = [];

    /// <summary>The node.</summary>
    public Node Node => node;

    /// <summary>What its operator says.</summary>
    public OperatorForm Description => description;

    /// <summary>What was found.</summary>
    public IReadOnlyList<OperandFault> Faults => _faults;

    /// <summary>An attribute, inside a function the one that the call gives it; null where it is left to its default.</summary>
    public AttributeValue? Attribute(string name)
    {
        var value = node.Attributes.TryGetValue(name, out var own) ? own : null;
        return value is ReferenceAttribute reference ? scope.Parameters?.GetValueOrDefault(reference.AttributeName) : value;
    }

    /// <summary>An integer attribute or its default.</summary>
    public long Int(string name) => (Attribute(name) as IntAttribute)?.Value
        ?? description.Attributes.FirstOrDefault(a => a.Name == name)?.Default as long? ?? 0;

    /// <summary>A text attribute or its default.</summary>
    public string Text(string name) => (Attribute(name) as StringAttribute)?.Text
        ?? description.Attributes.FirstOrDefault(a => a.Name == name)?.Default as string ?? "";

    /// <summary>A list attribute, or null.</summary>
    public IReadOnlyList<long>? Ints(string name) => (Attribute(name) as IntsAttribute)?.Values;

    /// <summary>An input, or null where it is absent.</summary>
    public Value? Input(int input) => node.Input(input) is { } value && !scope.Absent.Contains(value) ? value : null;

    /// <summary>An input's type, or null.</summary>
    public TensorType? Type(int input) => Input(input) is { } value ? scope.TypeOf(value) : null;

    /// <summary>An input's elements, or null unless they are few and all known.</summary>
    public IReadOnlyList<double>? Numbers(int input) => Input(input) is { } value ? scope.NumbersOf(value) : null;

    /// <summary>An input's number of dimensions, or null.</summary>
    public int? Rank(int input) => Type(input)?.Shape?.Rank;

    /// <summary>An input's size along an axis where it is a known number.</summary>
    public long? Size(int input, int axis) =>
        Type(input)?.Shape is { } shape && axis < shape.Rank && shape[axis].IsKnown ? shape[axis].Offset : null;

    /// <summary>The name of an operand with the value's: <c>input 'B' ('conv.bias')</c>.</summary>
    public string Name(int input) =>
        $"input '{description.InputAt(input)?.Name ?? $"{input}"}'{(node.Input(input) is { } value ? $" ('{value.Name}')" : "")}";

    /// <summary>Notes a fault of an attribute.</summary>
    public void RejectAttribute(string message) => _faults.Add(new OperandFault(BadAttribute, message));

    /// <summary>Notes a wrong number of inputs or outputs.</summary>
    public void RejectCount(string message) => _faults.Add(new OperandFault(BadCount, message));

    /// <summary>Notes an operand that doesn't fit.</summary>
    public void RejectOperand(string message) => _faults.Add(new OperandFault(BadOperand, message));

    /// <summary>A list attribute must have a number of entries.</summary>
    public void RequireEntries(string name, long count, string meaning)
    {
        if (Ints(name) is { } values && values.Count != count)
            RejectAttribute($"attribute '{name}' has {Counted(values.Count, "entry", "entries")}; it needs {count}: {meaning}");
    }

    /// <summary>An input must be a list of one known length.</summary>
    public void RequireLength(int input, long? length, string meaning)
    {
        if (length is null || Type(input)?.Shape is not { } shape)
            return;
        if (shape.Rank != 1)
            RejectOperand($"{Name(input)} has the shape {shape}; it must be a list of {length}: {meaning}");
        else if (shape[0].IsKnown && shape[0].Offset != length)
            RejectOperand($"{Name(input)} has {Counted(shape[0].Offset, "element", "elements")}; it needs {length}: {meaning}");
    }

    private static string Counted(long count, string one, string many) => $"{count} {(count == 1 ? one : many)}";
}
