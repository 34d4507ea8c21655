using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators;

/// <summary>Computes a node's only output from constant inputs; null where a type or a value isn't handled.</summary>
/// <param name="node">The node.</param>
/// <param name="data">Its first input.</param>
/// <param name="inputs">All its inputs; null where one is absent.</param>
internal delegate TensorData? ConstantEvaluation(Node node, TensorData data, IReadOnlyList<TensorData?> inputs);

/// <summary>
/// All that is known of one operator. What isn't given is not known: without forms nodes aren't checked,
/// without a shape rule outputs stay unknown.
/// </summary>
internal sealed record Operator
{
    /// <summary>Describes an operator.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="forms">Its operands and attributes, oldest form first.</param>
    public Operator(string name, params IReadOnlyList<OperatorForm> forms)
    {
        Name = name;
        Forms = forms;
    }

    /// <summary>The operator's name.</summary>
    public string Name { get; init; }

    /// <summary>Operands and attributes, oldest form first; several where they changed with the operator set.</summary>
    public IReadOnlyList<OperatorForm> Forms { get; init; }

    /// <summary>What kind of operator it is.</summary>
    public Traits Traits { get; init; }

    /// <summary>How the types of its outputs follow from its inputs.</summary>
    public ShapeRule? Shape { get; init; }

    /// <summary>The versions of the set, 7 to 26, that brought or changed it, oldest first; what is older starts at 7.</summary>
    public IReadOnlyList<OperatorVersion> Versions { get; init; } = [];

    /// <summary>Writes a node with operators that were there before it, which compute the same.</summary>
    public NodeRewrite? Decomposition { get; init; }

    /// <summary>Computes a node of constant inputs.</summary>
    public ConstantEvaluation? Evaluate { get; init; }

    /// <summary>True for a node that hands its first input on unchanged.</summary>
    public Func<Node, Lazy<ShapeMap>, bool>? IsIdentity { get; init; }

    /// <summary>The operands and attributes in a version of the set; null where nothing is known of them.</summary>
    public OperatorForm? FormAt(long opset)
    {
        var found = Forms.Count > 0 ? Forms[0] : null;
        for (var i = 1; i < Forms.Count && Forms[i].Since <= opset; i++)
            found = Forms[i];
        return found;
    }

    /// <summary>An attribute in a version of the set, else in the newest form that has it; null where none has.</summary>
    public AttributeRule? AttributeAt(string name, long opset)
    {
        if (FormAt(opset)?.Attributes.FirstOrDefault(a => a.Name == name) is { } rule)
            return rule;
        return Forms.Reverse().SelectMany(f => f.Attributes).FirstOrDefault(a => a.Name == name);
    }
}
