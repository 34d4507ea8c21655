namespace MsSrConvert.GraphIR;

/// <summary>One place where a value is read: input number <paramref name="Index"/> of <paramref name="Node"/>.</summary>
public readonly record struct Use(Node Node, int Index);

/// <summary>
/// A named value of a graph: a graph input, an initializer, or an output of a node. Values have reference identity; a kernel
/// shared by several convolutions is one <see cref="Value"/> with several uses.
/// </summary>
public sealed class Value
{
    private readonly UseList _uses = new();

    /// <summary>Makes a value that has no producer yet.</summary>
    public Value(string name, IrType? type = null)
    {
        Name = name;
        Type = type;
    }

    /// <summary>The name, unique within its graph.</summary>
    public string Name { get; set; }

    /// <summary>The type, or null where nothing is known.</summary>
    public IrType? Type { get; set; }

    /// <summary>The constant content of an initializer, else null.</summary>
    public TensorData? Initializer { get; internal set; }

    /// <summary>The node that computes the value, or null for graph inputs and initializers.</summary>
    public Node? Producer { get; internal set; }

    /// <summary>Which output of <see cref="Producer"/> this is.</summary>
    public int OutputIndex { get; internal set; }

    /// <summary>Documentation text.</summary>
    public string DocString { get; set; } = "";

    /// <summary>Wire bytes of the value's declaration that the IR doesn't model.</summary>
    internal ReadOnlyMemory<byte> Preserved { get; set; }

    /// <summary>
    /// All reads by nodes of this graph and of graphs nested in it, in the order they were made. Adding and removing one takes
    /// O(1).
    /// </summary>
    public IReadOnlyList<Use> Uses => _uses;

    /// <summary>How often the value stands in the list of graph outputs.</summary>
    internal int GraphOutputUses { get; set; }

    /// <summary>True when the value is listed as a graph input (also for initializers that old files list there).</summary>
    public bool IsGraphInput { get; internal set; }

    /// <summary>True when the value leaves the graph.</summary>
    public bool IsGraphOutput => GraphOutputUses > 0;

    /// <summary>True when nothing reads the value.</summary>
    public bool IsUnused => _uses.Count == 0 && !IsGraphOutput;

    /// <summary>What a message calls the value: its name, or where the compiler made it what it was made for.</summary>
    internal string Label => Producer?.MadeFor is { } source ? $"what {source} makes" : $"'{Name}'";

    /// <summary>The type as a tensor type, or null.</summary>
    public TensorType? Tensor => Type as TensorType;

    /// <summary>The shape, or null where the rank is unknown.</summary>
    public Shape? Shape => Tensor?.Shape;

    /// <summary>Makes every reading node read <paramref name="replacement"/> instead.</summary>
    /// <param name="replacement">What is read from now on.</param>
    /// <param name="replaceGraphOutputs">
    /// Lets the graph give out <paramref name="replacement"/> where it gave out this value. The output then goes by another name.
    /// </param>
    /// <exception cref="InvalidOperationException">
    /// The value is a graph output and <paramref name="replaceGraphOutputs"/> isn't asked for; nothing was changed.
    /// </exception>
    public void ReplaceAllUsesWith(Value replacement, bool replaceGraphOutputs = false)
    {
        if (IsGraphOutput && !replaceGraphOutputs)
        {
            throw new InvalidOperationException(
                $"'{Name}' is an output of graph '{OutputOf?.Name}', which would get another name.");
        }

        foreach (var use in _uses.ToArray())
            use.Node.SetInput(use.Index, replacement);
        OutputOf?.ReplaceOutput(this, replacement);
    }

    // The graph among whose outputs the value stands; inputs and initializers have no producer that would lead there.
    private Graph? OutputOf { get; set; }

    internal void CountOutput(Graph graph, int change)
    {
        GraphOutputUses += change;
        OutputOf = IsGraphOutput ? graph : null;
    }

    internal void AddUse(Use use) => _uses.Add(use);

    internal void RemoveUse(Use use) => _uses.Remove(use);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} : {Type?.ToString() ?? "?"}";
}
