using MsSrConvert.Calibration.Gradients.Rules;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Calibration.Gradients;

/// <summary>
/// Appends to a graph the nodes that compute how a sum over its output, weighed by a given tensor, changes with chosen values
/// (reverse-mode differentiation). All shapes are numbers: the graph is built for one size of patch.
/// </summary>
internal sealed class GradientBuilder
{
    private static readonly Dictionary<string, IGradientRule> RulesByOperator = new IGradientRule[]
    {
        new ConvGradient(), new RectifierGradient(), new SlopeGradient(), new ClipGradient(), new SumGradient(),
        new ProductGradient(),
        new QuotientGradient(), new PowerGradient(), new ExtremumGradient(), new WhereGradient(), new MatMulGradient(),
        new ConcatGradient(), new SplitGradient(), new AveragePoolGradient(), new ReductionGradient(), new MaxPoolGradient(),
        new NearestResizeGradient(), new PixelShuffleGradient(), new IdentityGradient(), new CropGradient(), new PadGradient(),
        new GatherGradient(), new ReshapeGradient(), new TransposeGradient(), new ExpandGradient(), new CastGradient(),
    }.SelectMany(rule => rule.Operators.Select(op => (op, rule))).ToDictionary(r => r.op, r => r.rule);

    /// <summary>True for a node whose operator has a rule; others are differentiated through their decomposition.</summary>
    public static bool Knows(Node node) => node.IsStandard && RulesByOperator.ContainsKey(node.OpType);

    private readonly Graph _graph;
    private readonly ShapeMap _shapes;
    private readonly HashSet<Value> _active;
    private readonly Dictionary<Value, Value> _gradients = [];
    private readonly Dictionary<(Value, string), Value> _made = [];
    private int _count;

    private GradientBuilder(Graph graph, ShapeMap shapes, HashSet<Value> active) =>
        (_graph, _shapes, _active) = (graph, shapes, active);

    /// <summary>Appends the gradients of <paramref name="output"/> with respect to <paramref name="values"/>.</summary>
    /// <param name="model">The model that is extended.</param>
    /// <param name="shapes">Its shapes, all known.</param>
    /// <param name="output">The value whose error is given.</param>
    /// <param name="error">What each of its elements weighs.</param>
    /// <param name="values">The values of interest.</param>
    /// <param name="missing">The first node without a rule, when there is one.</param>
    /// <returns>The gradients, or null when a node has no rule; a value that doesn't reach the output has none.</returns>
    public static IReadOnlyDictionary<Value, Value>? Append(
        Model model, ShapeMap shapes, Value output, Value error, IReadOnlyCollection<Value> values, out Node? missing)
    {
        var nodes = model.Graph.Nodes.ToArray();
        var active = new HashSet<Value>(values);
        foreach (var node in nodes.Where(n => n.Inputs.Any(v => v is not null && active.Contains(v))))
            active.UnionWith(node.Outputs.OfType<Value>());
        var builder = new GradientBuilder(model.Graph, shapes, active);
        builder.Give(output, error);
        foreach (var node in nodes.Reverse())
        {
            var concerns = node.Outputs.Any(v => v is not null && builder._gradients.ContainsKey(v))
                && node.Inputs.Any(builder.Wants);
            if (!concerns)
                continue;
            if (!Knows(node) || !RulesByOperator[node.OpType].Emit(node, builder))
            {
                missing = node;
                return null;
            }
        }

        missing = null;
        return values.Where(builder._gradients.ContainsKey).ToDictionary(v => v, v => builder._gradients[v]);
    }

    /// <summary>True for a value whose gradient is of use.</summary>
    public bool Wants(Value? value) => value is not null && _active.Contains(value);

    /// <summary>The gradient of a value, or null where nothing depends on it.</summary>
    public Value? Of(Value value) => _gradients.GetValueOrDefault(value);

    /// <summary>Adds to the gradient of a value; ignored where it is of no use.</summary>
    public void Give(Value? value, Value gradient)
    {
        if (!Wants(value))
            return;
        _gradients[value!] = _gradients.TryGetValue(value!, out var before) ? Emit("Add", [before, gradient]) : gradient;
    }

    /// <summary>The element type of a value.</summary>
    public ElementType Element(Value value) => _shapes.TypeOf(value)?.Element ?? ElementType.Undefined;

    /// <summary>The dimensions of a value.</summary>
    public long[] Dims(Value value) => _shapes.ShapeOf(value)!.ToArray();

    /// <summary>Adds a node and gives its output.</summary>
    public Value Emit(string opType, IEnumerable<Value?> inputs, Action<Node>? configure = null) =>
        Emit(opType, inputs, 1, configure)[0];

    /// <summary>Adds a node with several outputs.</summary>
    public Value[] Emit(string opType, IEnumerable<Value?> inputs, int outputs, Action<Node>? configure = null)
    {
        var name = $"gradient/{_count++}";
        var values = Enumerable.Range(0, outputs).Select(i => new Value($"{name}_{i}")).ToArray();
        var node = new Node(opType, inputs, values, name);
        configure?.Invoke(node);
        _graph.Add(node);
        return values;
    }

    /// <summary>What is made of a value, the same for all that ask.</summary>
    public Value Once(Value of, string what, Func<Value> make) =>
        _made.TryGetValue((of, what), out var made) ? made : _made[(of, what)] = make();

    /// <summary>A number as a constant.</summary>
    public Value Number(float value) => Tensor(TensorData.Of([value]));

    /// <summary>A tensor as a constant.</summary>
    public Value Tensor(TensorData data) => _graph.AddInitializer($"gradient/c{_count++}", data);

    /// <summary>A list of floats.</summary>
    public Value Floats(params float[] values) => Tensor(TensorData.Of(values, values.Length));

    /// <summary>A list of integers.</summary>
    public Value Integers(params long[] values) => Tensor(TensorData.Of(values, values.Length));

    /// <summary>A gradient that was computed for a larger shape, summed over what was broadcast.</summary>
    public Value Reduced(Value gradient, long[] from, long[] to)
    {
        if (from.SequenceEqual(to))
            return gradient;
        var missing = from.Length - to.Length;
        var axes = Enumerable.Range(0,
            from.Length).Where(a => a < missing || (to[a - missing] == 1 && from[a] != 1)).Select(a => (long)a).ToArray();
        var summed = axes.Length == 0 ? gradient : Emit("ReduceSum", [gradient, Integers(axes)], n => n.With("keepdims", 1));
        return missing == 0 ? summed : Emit("Reshape", [summed, Integers(to)]);
    }
}
