using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;

namespace MsSrConvert.Operators;

/// <summary>Writes what a node computes as a formula of other operators, in front of the node and under its name.</summary>
/// <param name="step">The node and what new nodes are made with.</param>
internal sealed class Formula(RewriteStep step)
{
    /// <summary>A decomposition that is a formula.</summary>
    public static NodeRewrite Decomposition(Action<Formula> formula) => step => formula(new Formula(step));

    /// <summary>The node.</summary>
    public Node Node => step.Node;

    /// <summary>What the node reads first.</summary>
    public Value X => step.Node.Input(0)!;

    /// <summary>A float attribute, or its default.</summary>
    public float Float(string name) => step.Float(name);

    /// <summary>An integer attribute, or its default.</summary>
    public long Int(string name) => step.Int(name);

    /// <summary>A new node with one output.</summary>
    public Value Of(string opType, params Value?[] inputs) => NodeOf(opType, inputs).Output;

    /// <summary>A new node with one output, to be given attributes.</summary>
    public Node NodeOf(string opType, params Value?[] inputs) =>
        step.Emit.Before(Node, opType, opType.ToLowerInvariant(), inputs);

    /// <summary>A number in the type of what the node reads first.</summary>
    /// <exception cref="MsSrException">That is no floating-point type.</exception>
    public Value Number(double value) => step.ElementOf(X).IsFloatingPoint()
        ? step.Scalar("number", value, X)
        : throw step.Decline("it computes with integers");

    /// <summary>A list of integers.</summary>
    public Value Integers(params long[] values) => step.Emit.Ints(Node, "integers", values);

    /// <summary>A reduction that keeps the axes it reduces over as axes of length 1.</summary>
    public Value Reduce(string opType, Value x, params long[] axes) => step.Reduce(opType, opType.ToLowerInvariant(), x, axes);

    /// <summary>A reduction over the axes, and with the flags, of the node, which is one too.</summary>
    /// <param name="opType">The reduction.</param>
    /// <param name="x">What is reduced.</param>
    /// <param name="keepAxes">True to keep the axes reduced over, whatever the node does.</param>
    public Value ReduceAlike(string opType, Value x, bool keepAxes = false)
    {
        var given = Node.GetInts("axes") is { } list ? Integers([.. list]) : Node.Input(1);
        var isInput = step.TakesAxesAsInput(opType);
        var reduction = isInput && given is not null ? NodeOf(opType, x, given) : NodeOf(opType, x);
        if (!isInput && given is not null)
            reduction.With("axes", given.ConstantInts() ?? throw step.Decline("its axes aren't constant"));
        foreach (var name in new[] { "keepdims", "noop_with_empty_axes" }.Where(Node.Attributes.ContainsKey))
            reduction.With(name, Node.Attributes[name]);
        if (keepAxes)
            reduction.With("keepdims", 1);
        return reduction.Output;
    }

    /// <summary>How many axes the first input has.</summary>
    /// <exception cref="MsSrException">That isn't known.</exception>
    public int Rank => step.ShapeOf(X)?.Rank ?? throw step.Decline("the rank of its input is unknown");

    /// <summary>All axes from one on, counted from the front.</summary>
    public long[] AxesFrom(int first) => [.. Enumerable.Range(first, Rank - first).Select(a => (long)a)];

    /// <summary>A list of one number for each channel, as axes of length 1 behind it make it fit the first input.</summary>
    public Value PerChannel(Value list) => Of("Reshape", list, Integers([-1, .. Enumerable.Repeat(1L, Rank - 2)]));

    /// <summary>Moves the mean over axes to 0 and the deviation to 1.</summary>
    public Value Normalize(Value x, double epsilon, params long[] axes)
    {
        var centred = Of("Sub", x, Reduce("ReduceMean", x, axes));
        return Of("Div", centred, Deviation(centred, epsilon, axes));
    }

    /// <summary>The root of the mean square over axes.</summary>
    public Value Deviation(Value centred, double epsilon, params long[] axes) =>
        Of("Sqrt", Of("Add", Reduce("ReduceMean", Of("Mul", centred, centred), axes), Number(epsilon)));

    /// <summary>The node itself becomes the last operator of the formula; its name and output stay.</summary>
    public void Becomes(string opType, params Value?[] inputs) => step.Become(opType, inputs);

    /// <summary>The error that this form of the operator has no formula.</summary>
    public MsSrException Decline(string why) => step.Decline(why);
}
