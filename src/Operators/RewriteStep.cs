using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators;

/// <summary>Writes one node in the form of another opset.</summary>
internal delegate void NodeRewrite(RewriteStep step);

/// <summary>What a rewrite works with.</summary>
/// <param name="Node">The node to rewrite in place.</param>
/// <param name="From">The opset the model comes from.</param>
/// <param name="To">The opset it goes to.</param>
/// <param name="Emit">Makes new nodes and initializers.</param>
/// <param name="Shapes">Types and shapes of the model before the conversion.</param>
/// <param name="Report">Where warnings go.</param>
internal sealed record RewriteStep(Node Node, int From, int To, Emitter Emit, Lazy<ShapeMap> Shapes, Action<Diagnostic> Report)
{
    /// <summary>True where constants that the node reads must stay tensors of their own, since training changes them.</summary>
    public bool KeepsWeights { get; init; }

    /// <summary>The element type of a value; 32-bit float where nothing is known.</summary>
    public ElementType ElementOf(Value? value)
    {
        var known = value?.Tensor?.Element ?? ElementType.Undefined;
        if (known == ElementType.Undefined && value is not null)
            known = Shapes.Value.TypeOf(value)?.Element ?? ElementType.Undefined;
        return known == ElementType.Undefined ? ElementType.Float : known;
    }

    /// <summary>The shape of a value, or null.</summary>
    public Shape? ShapeOf(Value? value) => value is null ? null : Shapes.Value.ShapeOf(value) ?? value.Shape;

    /// <summary>Turns a list-of-integers attribute into a constant input; absent stays absent.</summary>
    public void MoveToInput(string attribute, int index)
    {
        if (Node.GetInts(attribute) is { } values)
            Node.SetInput(index, Emit.Ints(Node, attribute, [.. values]));
        Node.Attributes.Remove(attribute);
    }

    /// <summary>A reduction in front of the node, over constant axes, in the form of the target opset.</summary>
    public Value Reduce(string opType, string suffix, Value? x, params long[] axes) => TakesAxesAsInput(opType)
        ? Emit.Before(Node, opType, suffix, x, Emit.Ints(Node, $"{suffix}_axes", axes)).Output
        : Emit.Before(Node, opType, suffix, x).With("axes", axes).Output;

    /// <summary>True where a reduction of the target opset takes its axes as an input, not as an attribute.</summary>
    public bool TakesAxesAsInput(string opType) => ReductionOperators.TakesAxesAsInput(opType, To);

    /// <summary>An integer attribute of the node, or its default in the opset it comes from.</summary>
    public long Int(string attribute) => Node.IntOf(attribute, From);

    /// <summary>A float attribute of the node, or its default in the opset it comes from.</summary>
    public float Float(string attribute) => Node.FloatOf(attribute, From);

    /// <summary>A text attribute of the node, or its default in the opset it comes from.</summary>
    public string Text(string attribute) => Node.TextOf(attribute, From);

    /// <summary>Turns the node into another operator on other inputs, without attributes; name and output stay.</summary>
    public void Become(string opType, params ReadOnlySpan<Value?> inputs)
    {
        (Node.OpType, Node.Domain) = (opType, "");
        Node.Attributes.Clear();
        for (var i = 0; i < inputs.Length; i++)
            Node.SetInput(i, inputs[i]);
        Node.TruncateInputs(inputs.Length);
    }

    /// <summary>
    /// Turns the node into an operator that came with a later version of the set than 13; where the target opset doesn't have it
    /// yet, into what that one consists of.
    /// </summary>
    public void BecomeNewer(string opType, string attribute, AttributeValue value, params ReadOnlySpan<Value?> inputs)
    {
        Become(opType, inputs);
        Node.With(attribute, value);
        var known = OperatorTable.Find(opType)!;
        if (known.Versions[0].Opset > To)
            known.Decomposition!(this);
    }

    /// <summary>Turns axes as an attribute into an input; an empty list means all axes, as an absent input does.</summary>
    public static void AxesToInput(RewriteStep step)
    {
        if (step.Node.GetInts("axes") is { Count: 0 })
            step.Node.Attributes.Remove("axes");
        step.MoveToInput("axes", 1);
    }

    /// <summary>A constant of one element, in the type of <paramref name="like"/>.</summary>
    public Value Scalar(string suffix, double value, Value? like) =>
        Emit.Initializer(Node, suffix, TensorNumbers.OfDoubles(ElementOf(like), [value]));

    /// <summary>The error that the node can't be written in the target opset.</summary>
    public MsSrException Decline(string why) => new(new Diagnostic(
        "MSSR2101", Severity.Error, $"The node can't be brought from opset {From} to opset {To}: {why}.", Node.ToString(),
        To >= From ? "Export the model again with a newer opset." : "Choose a newer opset for the output."));
}
