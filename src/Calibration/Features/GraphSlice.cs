using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Runtime;

namespace MsSrConvert.Calibration.Features;

/// <summary>
/// The part of a graph that lies between values at hand and values wanted, as a model of its own that ONNX Runtime can run.
/// </summary>
internal sealed class GraphSlice : IDisposable
{
    private readonly OnnxSession _session;

    private GraphSlice(OnnxSession session) => _session = session;

    /// <summary>Names of the values at hand that the slice reads.</summary>
    public IEnumerable<string> Inputs => _session.Inputs.Select(i => i.Name);

    /// <summary>Cuts a slice out.</summary>
    /// <param name="model">The model it is cut from; not changed.</param>
    /// <param name="known">True for values at hand; graph inputs must be.</param>
    /// <param name="ranks">The rank of a value at hand.</param>
    /// <param name="wanted">The values to compute; none of them at hand.</param>
    public static GraphSlice Cut(Model model, Func<Value, bool> known, Func<Value, int> ranks, IReadOnlyCollection<Value> wanted)
    {
        var nodes = Between(known, wanted);
        var graph = new Graph("slice");
        var copies = new Dictionary<Value, Value>();
        foreach (var node in model.Graph.Nodes.Where(nodes.Contains))
        {
            foreach (var input in Reads(node).Where(v => !copies.ContainsKey(v)))
                copies[input] = Enter(graph, input, ranks);
            foreach (var output in node.Outputs.OfType<Value>())
                copies[output] = new Value(output.Name);
            var copy = new Node(node.OpType, node.Inputs.Select(v => v is null ? null : copies[v]), node.Outputs.Select(v => v is null ? null : copies[v]), node.Name, node.Domain);
            foreach (var (name, value) in node.Attributes)
                copy.With(name, value);
            graph.Add(copy);
        }

        foreach (var value in wanted)
        {
            var output = copies[value];
            output.Type = new TensorType(value.Tensor?.Element ?? ElementType.Float, null);
            graph.AddOutput(output);
        }

        var slice = new Model(graph) { IrVersion = model.IrVersion };
        foreach (var (domain, version) in model.OpsetImports)
            slice.OpsetImports[domain] = version;
        slice.Functions.AddRange(model.Functions);
        return new GraphSlice(OnnxSession.Open(OnnxFile.ToBytes(slice), "a part of the model"));
    }

    /// <summary>Runs the slice.</summary>
    public IReadOnlyDictionary<string, Tensor> Run(IReadOnlyDictionary<string, Tensor> inputs) => _session.Run(inputs);

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    /// <summary>The values at hand that lie on the border of the part that leads to the wanted ones.</summary>
    public static HashSet<Value> Frontier(Func<Value, bool> known, IEnumerable<Value> wanted)
    {
        var frontier = new HashSet<Value>();
        Walk(wanted, v =>
        {
            if (known(v))
                frontier.Add(v);
            return !known(v);
        }, _ => { });
        return frontier;
    }

    private static HashSet<Node> Between(Func<Value, bool> known, IEnumerable<Value> wanted)
    {
        var nodes = new HashSet<Node>();
        Walk(wanted, v => !known(v), v => nodes.Add(v.Producer!));
        return nodes;
    }

    // Goes from values back through their producers; a value for which `open` is false isn't gone through.
    private static void Walk(IEnumerable<Value> wanted, Func<Value, bool> open, Action<Value> through)
    {
        var seen = new HashSet<Value>();
        var work = new Stack<Value>(wanted);
        while (work.TryPop(out var value))
        {
            if (!seen.Add(value) || value.Initializer is not null || !open(value) || value.Producer is not { } producer)
                continue;
            through(value);
            foreach (var input in Reads(producer))
                work.Push(input);
        }
    }

    private static IEnumerable<Value> Reads(Node node) => node.Inputs
        .Concat(node.Subgraphs.SelectMany(g => g.AllNodes).SelectMany(n => n.Inputs).Where(v => v?.Producer?.Graph == node.Graph || v?.Initializer is not null))
        .OfType<Value>();

    private static Value Enter(Graph graph, Value value, Func<Value, int> ranks)
    {
        if (value.Initializer is { } data)
            return graph.AddInitializer(value.Name, data);
        var shape = new Shape(Enumerable.Repeat(Dim.Unknown, ranks(value)));
        return graph.AddInput(new Value(value.Name, new TensorType(value.Tensor?.Element ?? ElementType.Float, shape)));
    }
}
