namespace MsSrConvert.GraphIR.Editing;

/// <summary>Edits that several passes share.</summary>
internal static class GraphEdits
{
    /// <summary>The main graph and every graph nested in it, outer before inner.</summary>
    public static IEnumerable<Graph> AllGraphs(this Model model) => WithNested(model.Graph);

    /// <summary>A graph and every graph nested in it, outer before inner.</summary>
    public static IEnumerable<Graph> WithNested(this Graph graph) =>
        graph.Nodes.SelectMany(n => n.Subgraphs).SelectMany(WithNested).Prepend(graph);

    /// <summary>Makes all reading nodes read <paramref name="replacement"/>; graph outputs keep what they had.</summary>
    public static void RedirectReads(this Value value, Value replacement)
    {
        foreach (var use in value.Uses.ToArray())
            use.Node.SetInput(use.Index, replacement);
    }

    /// <summary>
    /// Makes <paramref name="heir"/> compute the first output of <paramref name="node"/>, and removes that node.
    /// </summary>
    /// <remarks>
    /// The value keeps its name, which matters where it is a graph output; readers of the heir's former output read it too.
    /// </remarks>
    public static void TakeOutput(Node heir, Node node)
    {
        var value = node.Output;
        var former = heir.Output;
        node.SetOutput(0, null);
        heir.SetOutput(0, value);
        node.Graph!.Remove(node);
        former.RedirectReads(value);
        value.Type ??= former.Type;
    }

    /// <summary>
    /// Drops a node that hands <paramref name="source"/> on unchanged. False, with nothing done, where that would rename a graph
    /// input, an initializer or another output to get at a graph output.
    /// </summary>
    public static bool TryBypass(Node node, Value source)
    {
        var graph = node.Graph!;
        var value = node.Output;
        if (!value.IsGraphOutput)
        {
            value.RedirectReads(source);
            graph.Remove(node);
            if (source.Initializer is null)
                source.Type ??= value.Type;
            return true;
        }

        if (source.Producer is not { } producer || producer.Graph != graph || source.IsGraphOutput)
            return false;
        var index = source.OutputIndex;
        node.SetOutput(0, null);
        producer.SetOutput(index, value);
        graph.Remove(node);
        source.RedirectReads(value);
        value.Type ??= source.Type;
        return true;
    }

    /// <summary>Replaces a node by initializers that stand for the same values.</summary>
    public static void ReplaceByInitializers(Node node, IReadOnlyList<TensorData> contents)
    {
        var graph = node.Graph!;
        Value?[] values = [.. node.Outputs];
        for (var i = 0; i < values.Length; i++)
            node.SetOutput(i, null);
        graph.Remove(node);
        foreach (var (value, data) in values.Zip(contents))
        {
            if (value is null)
                continue;
            value.Type = new TensorType(data.Element, data.Shape);
            graph.AddInitializer(value, data);
        }
    }

    /// <summary>Removes <paramref name="node"/> where nothing reads it, then those of its producers that only it read.</summary>
    public static void RemoveIfUnused(Node? node)
    {
        if (node?.Graph is not { } graph || node.Outputs.Any(o => o is { IsUnused: false }))
            return;
        var producers = node.Inputs.OfType<Value>().Select(v => v.Producer).OfType<Node>().Distinct().ToArray();
        graph.Remove(node);
        foreach (var producer in producers)
            RemoveIfUnused(producer);
    }

    /// <summary>
    /// Puts a node that reads output <paramref name="value"/> of <paramref name="node"/> behind it, to compute what that node
    /// computed so far: the value, with its name and readers, moves to the follower.
    /// </summary>
    public static void InsertBehind(Node node, Value value, Node follower)
    {
        var graph = node.Graph!;
        var inner = follower.Output;
        var outputIndex = value.OutputIndex;
        follower.SetOutput(0, null);
        node.SetOutput(outputIndex, inner);
        follower.SetOutput(0, value);
        follower.SetInput(0, inner);
        graph.Add(follower, graph.NodeAfter(node));
    }

    /// <summary>Drops absent inputs from the end of the input list.</summary>
    public static void TrimInputs(this Node node)
    {
        var count = node.Inputs.Count;
        while (count > 0 && node.Inputs[count - 1] is null)
            count--;
        node.TruncateInputs(count);
    }

    /// <summary>The name people know the node by: its own, or that of its first output.</summary>
    public static string KnownName(this Node node) =>
        node.Name.Length > 0 ? node.Name : node.Outputs.OfType<Value>().FirstOrDefault()?.Name ?? node.OpType;
}
