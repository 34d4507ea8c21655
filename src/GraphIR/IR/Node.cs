namespace MsSrConvert.GraphIR;

/// <summary>An operator call. Inputs and outputs are values; an absent optional one is null.</summary>
public sealed class Node
{
    private readonly List<Value?> _inputs;
    private readonly List<Value?> _outputs;

    // Whether the inputs are counted as uses: not before the node stands in a graph, nor while a node around it stands in none.
    private bool _reads;

    /// <summary>Makes a node that belongs to no graph yet; <see cref="Graph.Add"/> puts it into one.</summary>
    /// <exception cref="InvalidOperationException">An output already has a producer.</exception>
    public Node(string opType, IEnumerable<Value?> inputs, IEnumerable<Value?> outputs, string name = "", string domain = "")
    {
        OpType = opType;
        Domain = domain;
        Name = name;
        _inputs = [.. inputs];
        _outputs = [.. outputs];
        for (var i = 0; i < _outputs.Count; i++)
            Claim(_outputs[i], i);
    }

    /// <summary>The operator's name.</summary>
    public string OpType { get; set; }

    /// <summary>The operator set as the file writes it; empty or <c>ai.onnx</c> for ONNX's own.</summary>
    public string Domain { get; set; }

    /// <summary>Which overload of a function is called; empty for operators.</summary>
    public string Overload { get; set; } = "";

    /// <summary>The node's name; may be empty in files of others.</summary>
    public string Name { get; set; }

    /// <summary>Documentation text.</summary>
    public string DocString { get; set; } = "";

    /// <summary>Key-value annotations, in file order.</summary>
    public List<KeyValuePair<string, string>> Metadata { get; } = [];

    /// <summary>Wire bytes of fields the IR doesn't model.</summary>
    internal ReadOnlyMemory<byte> Preserved { get; set; }

    /// <summary>Attributes in file order.</summary>
    public OrderedDictionary<string, AttributeValue> Attributes { get; } = [];

    /// <summary>The values read; null where an optional input is absent.</summary>
    public IReadOnlyList<Value?> Inputs => _inputs;

    /// <summary>The values computed; null where an optional output is not wanted.</summary>
    public IReadOnlyList<Value?> Outputs => _outputs;

    /// <summary>The graph the node stands in, or null.</summary>
    public Graph? Graph { get; private set; }

    /// <summary>Graphs held by attributes (bodies of If, Loop, Scan).</summary>
    public IEnumerable<Graph> Subgraphs => Attributes.Values.SelectMany(a => a switch
    {
        GraphAttribute one => [one.Value],
        GraphsAttribute many => many.Values,
        _ => Enumerable.Empty<Graph>(),
    });

    /// <summary>True for an operator of ONNX's own set with this name.</summary>
    public bool Is(string opType) => IsStandard && OpType == opType;

    /// <summary>True for an operator of ONNX's own set.</summary>
    public bool IsStandard => Domain is "" or "ai.onnx";

    /// <summary>The input at <paramref name="index"/>, or null where it is absent.</summary>
    public Value? Input(int index) => index < _inputs.Count ? _inputs[index] : null;

    /// <summary>The first output.</summary>
    /// <exception cref="InvalidOperationException">The node has no first output.</exception>
    public Value Output =>
        (_outputs.Count > 0 ? _outputs[0] : null) ?? throw new InvalidOperationException($"{this} has no output.");

    /// <summary>
    /// Reads another value at <paramref name="index"/>, growing the input list with absent inputs where needed.
    /// </summary>
    public void SetInput(int index, Value? value)
    {
        while (_inputs.Count <= index)
            _inputs.Add(null);
        if (_reads)
        {
            _inputs[index]?.RemoveUse(new Use(this, index));
            value?.AddUse(new Use(this, index));
        }

        _inputs[index] = value;
    }

    /// <summary>Drops all inputs from <paramref name="count"/> on.</summary>
    public void TruncateInputs(int count)
    {
        for (var i = _inputs.Count - 1; i >= count; i--)
        {
            SetInput(i, null);
            _inputs.RemoveAt(i);
        }
    }

    /// <summary>Drops unused outputs from <paramref name="count"/> on.</summary>
    /// <exception cref="InvalidOperationException">A dropped output is still read.</exception>
    public void TruncateOutputs(int count)
    {
        for (var i = _outputs.Count - 1; i >= count; i--)
        {
            if (_outputs[i] is { IsUnused: false } used)
                throw new InvalidOperationException($"Output '{used.Name}' of {this} is still read.");
            if (_outputs[i] is { } gone)
                gone.Producer = null;
            _outputs.RemoveAt(i);
        }
    }

    /// <summary>
    /// Makes the node compute <paramref name="value"/> at <paramref name="index"/> in place of what stood there.
    /// </summary>
    /// <exception cref="InvalidOperationException">The value already has a producer.</exception>
    public void SetOutput(int index, Value? value)
    {
        while (_outputs.Count <= index)
            _outputs.Add(null);
        if (_outputs[index] is { } old)
            old.Producer = null;
        _outputs[index] = value;
        Claim(value, index);
    }

    /// <summary>Sets an integer attribute.</summary>
    public Node With(string name, long value) => With(name, new IntAttribute(value));

    /// <summary>Sets a float attribute.</summary>
    public Node With(string name, float value) => With(name, new FloatAttribute(value));

    /// <summary>Sets a text attribute.</summary>
    public Node With(string name, string value) => With(name, new StringAttribute(value));

    /// <summary>Sets a list-of-integers attribute.</summary>
    public Node With(string name, IReadOnlyList<long> values) => With(name, new IntsAttribute(values));

    /// <summary>Sets an attribute.</summary>
    public Node With(string name, AttributeValue value)
    {
        Attributes[name] = value;
        return this;
    }

    /// <summary>An integer attribute, or <paramref name="fallback"/> where it is absent.</summary>
    public long GetInt(string name, long fallback) =>
        Attributes.TryGetValue(name, out var a) && a is IntAttribute i ? i.Value : fallback;

    /// <summary>A float attribute, or <paramref name="fallback"/> where it is absent.</summary>
    public float GetFloat(string name, float fallback) =>
        Attributes.TryGetValue(name, out var a) && a is FloatAttribute f ? f.Value : fallback;

    /// <summary>A text attribute, or <paramref name="fallback"/> where it is absent.</summary>
    public string GetString(string name, string fallback) =>
        Attributes.TryGetValue(name, out var a) && a is StringAttribute s ? s.Text : fallback;

    /// <summary>A list-of-integers attribute, or null where it is absent.</summary>
    public IReadOnlyList<long>? GetInts(string name) =>
        Attributes.TryGetValue(name, out var a) && a is IntsAttribute i ? i.Values : null;

    internal void Attach(Graph graph)
    {
        if (_outputs.FirstOrDefault(o => o?.Producer is { } other && other != this) is { } taken)
            throw new InvalidOperationException($"Output '{taken.Name}' of {this} is computed by {taken.Producer} meanwhile.");
        Graph = graph;
        for (var i = 0; i < _outputs.Count; i++)
            Claim(_outputs[i], i);
        foreach (var node in WithNested())
            node.CountReads(true);
    }

    internal void Detach()
    {
        foreach (var node in WithNested())
            node.CountReads(false);
        foreach (var output in _outputs.OfType<Value>())
            output.Producer = null;
        Graph = null;
    }

    private IEnumerable<Node> WithNested() => Subgraphs.SelectMany(g => g.AllNodes).Prepend(this);

    private void CountReads(bool count)
    {
        if (_reads == count)
            return;
        _reads = count;
        for (var i = 0; i < _inputs.Count; i++)
        {
            if (count)
                _inputs[i]?.AddUse(new Use(this, i));
            else
                _inputs[i]?.RemoveUse(new Use(this, i));
        }
    }

    private void Claim(Value? value, int index)
    {
        if (value is null)
            return;
        if (value.Producer is not null && value.Producer != this)
            throw new InvalidOperationException($"Value '{value.Name}' already has a producer.");
        value.Producer = this;
        value.OutputIndex = index;
    }

    /// <summary>
    /// What a message calls the node where the compiler made it: the node or output of the source that it was made for.
    /// </summary>
    internal string? MadeFor { get; init; }

    /// <summary><c>Conv 'trunk/conv1'</c>.</summary>
    public override string ToString() => MadeFor ??
        $"{(IsStandard ? "" : Domain + "::")}{OpType} '{(Name.Length > 0 ? Name : _outputs.FirstOrDefault()?.Name)}'";
}
