namespace MsSrConvert.GraphIR;

/// <summary>
/// A graph of nodes in execution order with its inputs, outputs and initializers. Its methods are the only way to change it,
/// so that uses, producers and output counts stay in step.
/// </summary>
public sealed class Graph
{
    private readonly Chain<Node> _nodes = new();
    private readonly List<Value> _inputs = [];
    private readonly List<Value> _outputs = [];
    private readonly Chain<Value> _initializers = new();

    /// <summary>Makes an empty graph.</summary>
    public Graph(string name) => Name = name;

    /// <summary>The graph's name.</summary>
    public string Name { get; set; }

    /// <summary>Documentation text.</summary>
    public string DocString { get; set; } = "";

    /// <summary>Key-value annotations, in file order.</summary>
    public List<KeyValuePair<string, string>> Metadata { get; } = [];

    /// <summary>
    /// Wire bytes of fields the IR doesn't model (quantization annotations, sparse initializers, unknown fields).
    /// </summary>
    internal ReadOnlyMemory<byte> Preserved { get; set; }

    /// <summary>Nodes in execution order. Adding, removing and <see cref="NodeAfter"/> take O(1) whatever their number.</summary>
    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>Graph inputs; old files list initializers here too.</summary>
    public IReadOnlyList<Value> Inputs => _inputs;

    /// <summary>Graph outputs.</summary>
    public IReadOnlyList<Value> Outputs => _outputs;

    /// <summary>Values with constant content.</summary>
    public IReadOnlyList<Value> Initializers => _initializers;

    /// <summary>Every value the graph itself defines: inputs, initializers, then node outputs in execution order.</summary>
    public IEnumerable<Value> Values => _inputs
        .Concat(_initializers.Where(v => !v.IsGraphInput))
        .Concat(_nodes.SelectMany(n => n.Outputs).OfType<Value>());

    /// <summary>This graph's nodes and those of all graphs nested in it.</summary>
    public IEnumerable<Node> AllNodes => _nodes.SelectMany(n => n.Subgraphs.SelectMany(g => g.AllNodes).Prepend(n));

    /// <summary>Adds a graph input.</summary>
    /// <exception cref="InvalidOperationException">A node computes the value.</exception>
    public Value AddInput(Value value)
    {
        RequireUncomputed(value);
        value.IsGraphInput = true;
        _inputs.Add(value);
        return value;
    }

    /// <summary>Drops a graph input; it stays a value (an initializer stays an initializer).</summary>
    public void RemoveInput(Value value)
    {
        _inputs.Remove(value);
        value.IsGraphInput = false;
    }

    /// <summary>Adds a graph output.</summary>
    public Value AddOutput(Value value)
    {
        value.CountOutput(this, 1);
        _outputs.Add(value);
        return value;
    }

    /// <summary>Replaces a graph output wherever it stands in the list.</summary>
    public void ReplaceOutput(Value old, Value replacement)
    {
        for (var i = 0; i < _outputs.Count; i++)
        {
            if (_outputs[i] != old)
                continue;
            _outputs[i] = replacement;
            old.CountOutput(this, -1);
            replacement.CountOutput(this, 1);
        }
    }

    /// <summary>Adds an initializer; its type is taken from the data.</summary>
    public Value AddInitializer(string name, TensorData data) => AddInitializer(new Value(name), data);

    /// <summary>Makes <paramref name="value"/> an initializer of this graph.</summary>
    /// <exception cref="InvalidOperationException">A node computes the value, or it is an initializer already.</exception>
    public Value AddInitializer(Value value, TensorData data)
    {
        RequireUncomputed(value);
        _initializers.Add(value);
        Hold(value, data);
        return value;
    }

    /// <summary>Gives an initializer new content, and the data's type where its own has no room for it.</summary>
    /// <exception cref="InvalidOperationException">The value is no initializer.</exception>
    public void SetInitializer(Value value, TensorData data)
    {
        if (value.Initializer is null)
            throw new InvalidOperationException($"'{value.Name}' is no initializer.");
        Hold(value, data);
    }

    private static void Hold(Value value, TensorData data)
    {
        value.Initializer = data;
        if (value.Type is null || !data.Fits(value.Type))
            value.Type = new TensorType(data.Element, data.Shape) { Denotation = value.Type?.Denotation ?? "" };
    }

    /// <summary>Drops an initializer that nothing reads.</summary>
    /// <exception cref="InvalidOperationException">The initializer is still read.</exception>
    public void RemoveInitializer(Value value)
    {
        if (!value.IsUnused)
            throw new InvalidOperationException($"Initializer '{value.Name}' is still read.");
        _initializers.Remove(value);
        value.Initializer = null;
        if (value.IsGraphInput)
            RemoveInput(value);
    }

    /// <summary>
    /// Adds a node at the end, or in front of <paramref name="before"/>; one that was removed before is put back with the graphs
    /// nested in it.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The node stands in a graph already, an output has got another producer meanwhile, or <paramref name="before"/> isn't here.
    /// </exception>
    public Node Add(Node node, Node? before = null)
    {
        if (node.Graph is not null)
            throw new InvalidOperationException($"{node} already stands in a graph.");
        if (before is not null && before.Graph != this)
            throw new InvalidOperationException($"{before} doesn't stand in graph '{Name}'.");
        node.Attach(this);
        _nodes.Add(node, before);
        return node;
    }

    /// <summary>The node that stands behind <paramref name="node"/> in execution order, or null behind the last.</summary>
    /// <exception cref="InvalidOperationException">The node isn't here.</exception>
    public Node? NodeAfter(Node node) => _nodes.After(node);

    /// <summary>
    /// Removes a node whose outputs nothing reads; graphs nested in it no longer count as readers either. Its outputs have no
    /// producer then: another node may compute them.
    /// </summary>
    /// <exception cref="InvalidOperationException">An output is still read, or the node isn't here.</exception>
    public void Remove(Node node)
    {
        if (node.Graph != this)
            throw new InvalidOperationException($"{node} doesn't stand in graph '{Name}'.");
        if (node.Outputs.FirstOrDefault(o => o is { IsUnused: false }) is { } used)
            throw new InvalidOperationException($"Output '{used.Name}' of {node} is still read.");
        _nodes.Remove(node);
        node.Detach();
    }

    /// <summary>
    /// Puts the nodes into an order in which every value is computed before it is read, changing the present order as little
    /// as possible (a node moves only behind what it needs).
    /// </summary>
    /// <exception cref="InvalidOperationException">The graph has a cycle.</exception>
    public void SortTopologically()
    {
        var placed = new HashSet<Node>();
        var open = new HashSet<Node>();
        var order = new List<Node>(_nodes.Count);
        var work = new Stack<(Node Node, bool Leave)>();
        foreach (var root in _nodes)
        {
            work.Push((root, false));
            while (work.TryPop(out var step))
            {
                if (step.Leave)
                {
                    open.Remove(step.Node);
                    placed.Add(step.Node);
                    order.Add(step.Node);
                    continue;
                }

                if (placed.Contains(step.Node))
                    continue;
                if (!open.Add(step.Node))
                    throw new InvalidOperationException($"The graph has a cycle through {step.Node}.");
                work.Push((step.Node, true));
                foreach (var producer in Needs(step.Node).Reverse().Where(p => !placed.Contains(p)))
                    work.Push((producer, false));
            }
        }

        _nodes.Reorder(order);
    }

    private static void RequireUncomputed(Value value)
    {
        if (value.Producer is { } producer)
            throw new InvalidOperationException($"'{value.Name}' is computed by {producer}.");
    }

    // What a node needs from this graph: its own inputs and whatever graphs nested in it capture.
    private IEnumerable<Node> Needs(Node node) => node.Inputs
        .Concat(node.Subgraphs.SelectMany(g => g.AllNodes).SelectMany(n => n.Inputs))
        .Select(v => v?.Producer).OfType<Node>().Where(p => p.Graph == this && p != node);
}
