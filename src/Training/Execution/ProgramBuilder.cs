using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Training.Operators;

namespace MsSrConvert.Training.Execution;

/// <summary>Collects the nodes that wanted values depend on, leaving out those that only compute shapes.</summary>
/// <param name="graph">The graph.</param>
/// <param name="shapes">Its shapes, all known.</param>
/// <param name="computed">The values that depend on the image or on trained weights.</param>
/// <param name="operators">How operators are computed.</param>
internal sealed class ProgramBuilder(Graph graph, ShapeMap shapes, HashSet<Value> computed, TorchOperators operators)
{
    private readonly Dictionary<Value, int> _slots = [];

    /// <summary>The nodes to compute, in order.</summary>
    public List<(Node Node, TorchStep Step)> Steps { get; } = [];

    /// <summary>Nodes that can't be computed, each kind of reason once.</summary>
    public List<UnsupportedNodeException> Unsupported { get; } = [];

    /// <summary>Initializers that are read as tensors.</summary>
    public List<Value> Initializers { get; } = [];

    /// <summary>Values that follow from shapes and are read as tensors.</summary>
    public List<(Value Value, float[] Numbers, long[] Dims)> Constants { get; } = [];

    /// <summary>How many values there are.</summary>
    public int SlotCount => _slots.Count;

    /// <summary>A value's number.</summary>
    public int SlotOf(Value value)
    {
        _slots.TryAdd(value, _slots.Count);
        return _slots[value];
    }

    /// <summary>Adds what the wanted values depend on.</summary>
    public void Add(IEnumerable<Value> wanted)
    {
        // From the back, so that a node is prepared only when somebody reads what it makes.
        var needed = new HashSet<Value>(wanted);
        foreach (var node in graph.Nodes.Reverse())
        {
            if (!node.Outputs.Any(o => o is not null && needed.Contains(o)) || node.Outputs.All(IsConstant))
                continue;
            if (node.Is("ConstantOfShape") && shapes.ShapeOf(node.Output) is { IsKnown: true } filled)
            {
                Constants.Add(
                    (node.Output, [.. Enumerable.Repeat(Fill(node), (int)filled.ElementCount.Value)], filled.ToArray()));
                continue;
            }

            try
            {
                var step = operators.Prepare(new NodeContext(node, shapes));
                Steps.Add((node, step));
                needed.UnionWith(step.Inputs);
            }
            catch (UnsupportedNodeException e)
            {
                Unsupported.Add(e);
                needed.UnionWith(node.Inputs.OfType<Value>());
            }
        }

        Steps.Reverse();
        Unsupported.Reverse();
        Initializers.AddRange(needed.Where(v => v.Initializer is not null));
        Constants.AddRange(needed.Where(v => v.Producer is not null && IsConstant(v))
            .Select(v => (v, shapes.NumbersOf(v)!.Select(n => (float)n).ToArray(), shapes.ShapeOf(v)!.ToArray())));
    }

    private static float Fill(Node node) =>
        node.Attributes.TryGetValue("value", out var value) && value is TensorAttribute tensor ? tensor.Value.ToFloats()[0] : 0;

    private bool IsConstant(Value? value) => value is null || (!computed.Contains(value) && shapes.NumbersOf(value) is not null);
}
