namespace MsSrConvert.GraphIR.Editing;

/// <summary>Makes nodes and initializers with unique names derived from the node they stand in for.</summary>
internal sealed class Emitter
{
    private readonly Model _model;
    private NameScope? _values;
    private NameScope? _nodes;

    public Emitter(Model model) => _model = model;

    /// <summary>A new initializer in <paramref name="graph"/>.</summary>
    public Value Initializer(Graph graph, string name, TensorData data)
    {
        _values ??= NameScope.OfValues(_model);
        return graph.AddInitializer(_values.Unique(name), data);
    }

    /// <summary>A new initializer named after <paramref name="owner"/>.</summary>
    public Value Initializer(Node owner, string suffix, TensorData data) =>
        Initializer(owner.Graph!, $"{owner.KnownName()}/{suffix}", data);

    /// <summary>A new 1-D int64 initializer named after <paramref name="owner"/>.</summary>
    public Value Ints(Node owner, string suffix, params long[] values) =>
        Initializer(owner, suffix, TensorData.Of(values, values.Length));

    /// <summary>A new node with one new output, in front of <paramref name="owner"/> and named after it.</summary>
    public Node Before(Node owner, string opType, string suffix, params Value?[] inputs)
    {
        var node = Make(owner, opType, suffix, inputs);
        return owner.Graph!.Add(node, owner);
    }

    /// <summary>A new node with one new output that stands in no graph yet.</summary>
    public Node Make(Node owner, string opType, string suffix, params Value?[] inputs)
    {
        _values ??= NameScope.OfValues(_model);
        _nodes ??= NameScope.OfNodes(_model);
        var name = $"{owner.KnownName()}/{suffix}";
        return new Node(opType, inputs, [new Value(_values.Unique(name))], _nodes.Unique(name), owner.Domain) { MadeFor = owner.ToString() };
    }
}
