using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Passes.Infrastructure;
using Xunit;

namespace MsSrConvert.Passes.Tests;

/// <summary>Builds small models for tests, and runs passes on them with everything that must hold checked.</summary>
internal sealed class TestNet
{
    private readonly Random _random = new(1);
    private int _count;

    public TestNet(int opset = 13, int irVersion = 7)
    {
        Model = new Model(new Graph("net")) { IrVersion = irVersion };
        Model.OpsetImports[""] = opset;
    }

    public Model Model { get; }

    public Graph Graph => Model.Graph;

    /// <summary>What the last <see cref="Apply"/> reported.</summary>
    public PassContext Context { get; } = new();

    /// <summary>A graph input; strings are symbolic dimensions.</summary>
    public Value Input(string name, params Dim[] dims) =>
        Graph.AddInput(new Value(name, new TensorType(ElementType.Float, new Shape(dims))));

    public Value Floats(string name, float[] values, params long[] dims) =>
        Graph.AddInitializer(name, TensorData.Of(values, dims));

    public Value Ints(string name, params long[] values) => Graph.AddInitializer(name, TensorData.Of(values, values.Length));

    /// <summary>Seeded weights between -0.5 and 0.5.</summary>
    public Value Weights(string name, params long[] dims) => Floats(name, Noise(dims), dims);

    public float[] Noise(params long[] dims) =>
        [.. Enumerable.Range(0, (int)dims.Aggregate(1L, (p, d) => p * d)).Select(_ => _random.NextSingle() - 0.5f)];

    /// <summary>A node with one output of a made-up name.</summary>
    public Node Node(string opType, params Value?[] inputs) =>
        NodeTo(opType, [$"{opType.ToLowerInvariant()}_{_count++}"], inputs);

    /// <summary>A node with outputs of given names; a null is an output that isn't wanted.</summary>
    public Node NodeTo(string opType, string?[] outputs, params Value?[] inputs)
    {
        var node = new Node(opType, inputs, outputs.Select(o => o is null ? null : new Value(o)), outputs[0] + "_node");
        return Graph.Add(node);
    }

    /// <summary>The output of a new node.</summary>
    public Value Op(string opType, params Value?[] inputs) => Node(opType, inputs).Output;

    /// <summary>Conv 3×3, padded to keep the size.</summary>
    public Node Conv(Value x, Value weights, Value? bias = null) =>
        Node("Conv", bias is null ? [x, weights] : [x, weights, bias]).With("pads", [1, 1, 1, 1]).With("kernel_shape", [3, 3]);

    /// <summary>Declares a graph output of unknown shape.</summary>
    public TestNet Output(Value value, ElementType element = ElementType.Float)
    {
        value.Type ??= new TensorType(element, null);
        Graph.AddOutput(value);
        return this;
    }

    public byte[] Bytes() => OnnxFile.ToBytes(Model);

    /// <summary>
    /// Runs a pass: the verifier must be content, ONNX Runtime must give the same, a second run must change nothing. Returns the
    /// number of changes of the first.
    /// </summary>
    public int Apply(IPass pass, bool compare = true)
    {
        var before = compare ? Bytes() : [];
        var (first, second) = (new Changes(), new Changes());
        new PassRunner(first).Run(Model, Context, pass);
        if (compare)
            Numeric.AssertSame(before, Model);
        new PassRunner(second).Run(Model, Context, pass);
        Assert.Equal(0, second.Count);
        return first.Count;
    }

    /// <summary>The operators in order, e.g. <c>Conv Relu</c>.</summary>
    public string Operators() => string.Join(' ', Graph.Nodes.Select(n => n.OpType));

    private sealed class Changes : IPassObserver
    {
        public int Count { get; private set; }

        public void AfterPass(int index, IPass pass, Model model, PassResult result, TimeSpan elapsed) => Count += result.Changes;
    }
}
