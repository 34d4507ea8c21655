using System.Globalization;
using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo;

/// <summary>
/// Builds a network layer by layer, with seeded random weights and the names that a PyTorch export gives: node
/// <c>/trunk/0/conv1/Conv</c> in scope <c>trunk</c>, <c>0</c> with layer <c>conv1</c>, its weight <c>trunk.0.conv1.weight</c>.
/// Operators are written as the chosen opset has them. Image values are (N,C,H,W); only inputs and outputs carry a type.
/// </summary>
public sealed partial class NetBuilder
{
    /// <summary>The opset used where nothing else is asked for.</summary>
    public const int DefaultOpset = 17;

    private const int NoChannels = 0;

    private readonly ulong _seed;
    private readonly List<(string Name, bool Reuse)> _scopes = [];
    private readonly HashSet<string> _names = [];
    private readonly Dictionary<Value, int> _channels = [];
    private readonly Dictionary<string, Value> _parameters = [];
    private int _constants;

    /// <summary>Starts a network.</summary>
    /// <param name="name">The graph's name.</param>
    /// <param name="seed">Decides every weight.</param>
    /// <param name="opset">The version of ONNX's operator set, 7 to 22.</param>
    public NetBuilder(string name, ulong seed, int opset = DefaultOpset)
    {
        _seed = seed;
        Opset = opset;
        Graph = new Graph(name);
        Model = new Model(Graph) { IrVersion = LowestIrVersion(opset), ProducerName = "mssr-zoo" };
        Model.OpsetImports[""] = opset;
    }

    /// <summary>The model under construction.</summary>
    public Model Model { get; }

    /// <summary>Its graph.</summary>
    public Graph Graph { get; }

    /// <summary>The version of ONNX's operator set.</summary>
    public int Opset { get; }

    /// <summary>The element type of inputs, weights and outputs.</summary>
    public ElementType Element { get; set; } = ElementType.Float;

    /// <summary>True to put weights into Constant nodes instead of initializers.</summary>
    public bool WeightsInConstantNodes { get; set; }

    /// <summary>
    /// True for shapes, scales and scalars in Constant nodes, as PyTorch's exporter has them; false for initializers.
    /// </summary>
    public bool ConstantNodes { get; set; } = true;

    // Before IR version 4 every initializer had to be listed as a graph input as well.
    private bool InitializersAreInputs => Model.IrVersion < 4;

    /// <summary>Names the layers made until the result is disposed.</summary>
    /// <param name="name">One level of the name, or several with dots.</param>
    /// <param name="reuse">True to run a part of the network again: parameters that exist are used again.</param>
    public IDisposable Scope(string name, bool reuse = false)
    {
        _scopes.Add((name, reuse));
        return new ScopeEnd(this);
    }

    /// <summary>Names the layers of one element of a list: <c>body.3</c>.</summary>
    public IDisposable Scope(string name, int index, bool reuse = false) => Scope(Invariant($"{name}.{index}"), reuse);

    /// <summary>Adds an image input (N,C,H,W) with symbolic batch, height and width.</summary>
    public Value Input(int channels = 3, string name = "input") =>
        Input(new Shape(Dim.Of("batch"), channels, Dim.Of("height"), Dim.Of("width")), name);

    /// <summary>Adds an input of the network's element type, or of <paramref name="element"/>.</summary>
    public Value Input(Shape shape, string name = "input", ElementType? element = null)
    {
        _names.Add(name);
        var value = Graph.AddInput(new Value(name, new TensorType(element ?? Element, shape)));
        return Track(value, shape is { Rank: 4 } && shape[1].IsKnown ? (int)shape[1].Value : NoChannels);
    }

    /// <summary>Declares an image output; its sides are <c>scale</c> times the input's, plus <c>offset</c>.</summary>
    /// <param name="value">The value that leaves the graph; it takes the output's name.</param>
    /// <param name="scale">The factor, or 0 where the size is no simple multiple.</param>
    /// <param name="offset">Pixels added to each side; negative for networks without padding.</param>
    /// <param name="name">The output's name.</param>
    public NetBuilder Output(Value value, int scale = 1, int offset = 0, string name = "output")
    {
        var input = Graph.Inputs.First(v => v.Initializer is null).Shape!;
        Dim Side(int axis, string symbol) => scale == 0 ? Dim.Of(symbol) : (input[axis] * scale) + offset;
        return Output(value, new Shape(input[0], Channels(value), Side(2, name + "_height"), Side(3, name + "_width")), name);
    }

    /// <summary>Declares an output of the given shape.</summary>
    public NetBuilder Output(Value value, Shape shape, string name = "output", ElementType? element = null)
    {
        value.Name = name;
        value.Type = new TensorType(element ?? Element, shape);
        Graph.AddOutput(value);
        return this;
    }

    /// <summary>The number of channels of an image value.</summary>
    public int Channels(Value value) => _channels[value];

    /// <summary>Adds a node with one output; see <see cref="EmitMany"/>.</summary>
    public Node Emit(string op, int channels, params IEnumerable<Value?> inputs) => EmitMany(null, op, [channels], inputs);

    /// <summary>Adds a node with one output that belongs to a layer with a name of its own.</summary>
    public Node EmitLayer(string layer, string op, int channels, params IEnumerable<Value?> inputs) =>
        EmitMany(layer, op, [channels], inputs);

    /// <summary>Adds a node with one output for each entry of <paramref name="channels"/>.</summary>
    /// <param name="layer">The layer's name, or null for an operator called between layers.</param>
    /// <param name="op">The operator.</param>
    /// <param name="channels">The outputs' channels; 0 for values that are no images.</param>
    /// <param name="inputs">The values read.</param>
    public Node EmitMany(string? layer, string op, IReadOnlyList<int> channels, IEnumerable<Value?> inputs)
    {
        var name = Unique(NodePath(layer, op));
        var outputs = channels.Select((count, i) => Track(new Value(Invariant($"{name}_output_{i}")), count));
        return Graph.Add(new Node(op, inputs, outputs, name));
    }

    /// <summary>A small integer vector that a node reads.</summary>
    public Value Integers(params IReadOnlyList<long> values) => Constant(TensorData.Of([.. values], values.Count));

    /// <summary>A scalar of the network's element type.</summary>
    public Value Scalar(float value) => Constant(TensorData.OfFloating(Element, [value]));

    /// <summary>A constant tensor, as a Constant node or an initializer (<see cref="ConstantNodes"/>).</summary>
    public Value Constant(TensorData data)
    {
        if (ConstantNodes)
            return Emit("Constant", NoChannels).With("value", new TensorAttribute(data)).Output;
        return AddInitializer(Unique(Invariant($"onnx::Constant_{_constants++}")), data);
    }

    /// <summary>A parameter tensor with the given contents under the present scope's name.</summary>
    public Value Parameter(string name, IReadOnlyList<long> dims, Func<float[]> contents)
    {
        var full = FullName(name);
        if (_parameters.TryGetValue(full, out var known))
            return _scopes.Any(s => s.Reuse) ? known : throw new InvalidOperationException($"There are two parameters '{full}'.");

        var data = TensorData.OfFloating(Element, contents(), [.. dims]);
        return _parameters[full] = WeightsInConstantNodes
            ? Emit("Constant", NoChannels).With("value", new TensorAttribute(data)).Output
            : AddInitializer(full, data);
    }

    /// <summary>A parameter of normal random numbers with the given deviation around zero.</summary>
    public Value NormalParameter(string name, double deviation, params IReadOnlyList<long> dims) =>
        Parameter(name, dims, () => Fill(name, dims, stream => deviation * stream.NextNormal()));

    /// <summary>A parameter of uniform random numbers between two bounds.</summary>
    public Value UniformParameter(string name, double low, double high, params IReadOnlyList<long> dims) =>
        Parameter(name, dims, () => Fill(name, dims, stream => low + ((high - low) * 0.5 * (stream.NextUniform() + 1))));

    private float[] Fill(string name, IReadOnlyList<long> dims, Func<WeightStream, double> draw)
    {
        var stream = new WeightStream(_seed, FullName(name));
        var values = new float[dims.Aggregate(1L, (product, dim) => product * dim)];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)draw(stream);
        return values;
    }

    private Value AddInitializer(string name, TensorData data)
    {
        var value = new Value(name, new TensorType(data.Element, data.Shape));
        _names.Add(name);
        if (InitializersAreInputs)
            Graph.AddInput(value);
        return Track(Graph.AddInitializer(value, data), NoChannels);
    }

    private Value Track(Value value, int channels)
    {
        _channels[value] = channels;
        return value;
    }

    private string FullName(string parameter) => string.Join('.', _scopes.Select(s => s.Name).Append(parameter));

    private string NodePath(string? layer, string op) =>
        "/" + string.Join('/', _scopes.SelectMany(s => s.Name.Split('.')).Concat(layer?.Split('.') ?? []).Append(op));

    private string Unique(string name)
    {
        var unique = name;
        for (var i = 1; !_names.Add(unique); i++)
            unique = Invariant($"{name}_{i}");
        return unique;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static int LowestIrVersion(int opset) => opset switch
    {
        <= 8 => 3,
        9 => 4,
        10 => 5,
        11 => 6,
        <= 14 => 7,
        <= 18 => 8,
        <= 20 => 9,
        _ => 10,
    };

    private sealed class ScopeEnd(NetBuilder owner) : IDisposable
    {
        public void Dispose() => owner._scopes.RemoveAt(owner._scopes.Count - 1);
    }
}
