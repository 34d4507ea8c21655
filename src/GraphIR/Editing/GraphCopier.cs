namespace MsSrConvert.GraphIR.Editing;

/// <summary>
/// Copies nodes and graphs. Every value that a copied node or graph defines gets a new one; what they read from outside is read
/// by the copies too, unless <see cref="Map"/> says what to read instead. Contents of tensors, which nothing changes in place,
/// are shared.
/// </summary>
internal class GraphCopier
{
    private readonly Dictionary<Value, Value?> _map = [];

    /// <summary>
    /// Lets copies read (or compute) <paramref name="copy"/> where the originals have <paramref name="value"/>.
    /// </summary>
    /// <returns>False where something stands for the value already.</returns>
    public bool Map(Value value, Value? copy) => _map.TryAdd(value, copy);

    /// <summary>What stands for a value in the copies: itself where it comes from outside.</summary>
    public Value? Of(Value value) => _map.GetValueOrDefault(value, value);

    /// <summary>A copy of a node and its bodies that stands in no graph yet.</summary>
    public Node Copy(Node node)
    {
        foreach (var output in node.Outputs.OfType<Value>())
            Define(output, isBorder: false);
        var copy = new Node(node.OpType, node.Inputs.Select(Mapped), node.Outputs.Select(Mapped), NameOf(node), node.Domain)
        {
            Overload = node.Overload,
            DocString = node.DocString,
            Preserved = node.Preserved,
        };
        copy.Metadata.AddRange(node.Metadata);
        CopyAttributes(node, copy);
        return copy;
    }

    /// <summary>A copy of a graph and all graphs nested in it.</summary>
    public Graph Copy(Graph graph)
    {
        var copy = new Graph(graph.Name) { DocString = graph.DocString, Preserved = graph.Preserved };
        copy.Metadata.AddRange(graph.Metadata);
        // All values first: in a graph that isn't sorted a node may read what comes behind it.
        var border = graph.Inputs.Concat(graph.Outputs).ToHashSet();
        foreach (var value in graph.Values)
            Define(value, border.Contains(value));
        foreach (var input in graph.Inputs)
            copy.AddInput(Of(input)!);
        foreach (var constant in graph.Initializers)
            copy.AddInitializer(Of(constant)!, constant.Initializer!);
        foreach (var node in graph.Nodes)
            copy.Add(Copy(node));
        foreach (var output in graph.Outputs)
            copy.AddOutput(Of(output)!);
        return copy;
    }

    /// <summary>Gives a node copies of another one's attributes.</summary>
    public void CopyAttributes(Node node, Node copy)
    {
        foreach (var (name, value) in node.Attributes)
        {
            if (Copy(value) is { } attribute)
                copy.With(name, attribute);
        }
    }

    /// <summary>The new value that stands for one of the original.</summary>
    /// <param name="value">The original's.</param>
    /// <param name="isBorder">True for an input or output of a copied graph.</param>
    protected virtual Value New(Value value, bool isBorder) =>
        new(value.Name, value.Type) { DocString = value.DocString, Preserved = value.Preserved };

    /// <summary>The name of a node's copy.</summary>
    protected virtual string NameOf(Node node) => node.Name;

    /// <summary>The copy of an attribute, or null where the copy has none.</summary>
    protected virtual AttributeValue? Copy(AttributeValue value) => value switch
    {
        GraphAttribute one => one with { Value = Copy(one.Value) },
        GraphsAttribute many => many with { Values = [.. many.Values.Select(Copy)] },
        _ => value,
    };

    private Value? Mapped(Value? value) => value is null ? null : Of(value);

    private void Define(Value value, bool isBorder)
    {
        if (!_map.ContainsKey(value))
            _map[value] = New(value, isBorder);
    }
}
