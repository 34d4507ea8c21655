namespace MsSrConvert.GraphIR.Editing;

/// <summary>Makes nodes and initializers with unique names.</summary>
internal sealed class Emitter
{
    private readonly Lazy<NameScope> _values;
    private readonly Lazy<NameScope> _nodes;

    /// <summary>
    /// For a model whose nodes' names and values' names are two sets: a node and its output may have the same name.
    /// </summary>
    public Emitter(Model model) =>
        (_values, _nodes) = (new(() => NameScope.OfValues(model)), new(() => NameScope.OfNodes(model)));

    /// <summary>For one set of names for both: the output of node <c>a</c> is called <c>a_out</c>.</summary>
    public Emitter(NameScope names) => _values = _nodes = new(names);

    /// <summary>A new initializer in <paramref name="graph"/>.</summary>
    public Value Initializer(Graph graph, string name, TensorData data) => graph.AddInitializer(_values.Value.Unique(name), data);

    /// <summary>A new initializer named after <paramref name="owner"/>.</summary>
    public Value Initializer(Node owner, string suffix, TensorData data) =>
        Initializer(owner.Graph!, $"{owner.KnownName()}/{suffix}", data);

    /// <summary>A new 1-D int64 initializer named after <paramref name="owner"/>.</summary>
    public Value Ints(Node owner, string suffix, params long[] values) =>
        Initializer(owner, suffix, TensorData.Of(values, values.Length));

    /// <summary>A new node of ONNX's own set with one new output, in front of <paramref name="owner"/> and named after it.</summary>
    public Node Before(Node owner, string opType, string suffix, params Value?[] inputs)
    {
        var node = Make(owner, opType, suffix, inputs);
        return owner.Graph!.Add(node, owner);
    }

    /// <summary>
    /// A new node of ONNX's own set with one new output, named after <paramref name="owner"/>, that stands in no graph yet.
    /// </summary>
    public Node Make(Node owner, string opType, string suffix, params Value?[] inputs)
    {
        var name = $"{owner.KnownName()}/{suffix}";
        var own = _nodes.Value.Unique(name);
        // ONNX's own set under the name that the owner has for it; what replaces an operator of another set is ONNX's too.
        var domain = owner.IsStandard ? owner.Domain : "";
        return new Node(opType, inputs, Outputs(name, own, 1), own, domain) { MadeFor = owner.ToString() };
    }

    /// <summary>A new node of ONNX's own set with new outputs at the end of a graph.</summary>
    public Node Append(Graph graph, string name, string opType, IEnumerable<Value?> inputs, int outputs = 1)
    {
        var own = _nodes.Value.Unique(name);
        return graph.Add(new Node(opType, inputs, Outputs(name, own, outputs), own));
    }

    private Value[] Outputs(string wanted, string node, int count)
    {
        var name = _values == _nodes ? $"{node}_out" : wanted;
        return [.. Enumerable.Range(1,
            count).Select(i => new Value(_values.Value.Unique(count == 1 ? name : FormattableString.Invariant($"{name}{i}"))))];
    }
}
