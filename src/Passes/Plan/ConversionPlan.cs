using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Method;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Plan;

/// <summary>The decision on one conv.</summary>
/// <param name="Node">The conv.</param>
/// <param name="Role">What becomes of it.</param>
/// <param name="Reason">Why, in one sentence.</param>
public sealed record ConvDecision(Node Node, ConvRole Role, string Reason)
{
    /// <summary>What the conv computes in the source; the rewrite takes it from the node.</summary>
    public Value Output { get; } = Node.Output;
}

/// <summary>
/// The whole decision on a model: the role of every conv and the sharing out of every branched value. Immutable; the rewrite
/// passes execute it and decide nothing.
/// </summary>
public sealed class ConversionPlan
{
    private readonly Lazy<Dictionary<string, string>> _sources;

    internal ConversionPlan(
        ConversionOptions options,
        IReadOnlyList<ConvDecision> convs,
        IReadOnlyDictionary<Value, BranchLayout> layouts,
        InputSizes inputSizes,
        Graph source,
        IReadOnlyDictionary<string, string> closed)
    {
        Options = options;
        Convs = convs;
        Layouts = layouts;
        InputSizes = inputSizes;
        Closed = closed;
        Values = source.Values.ToDictionary(v => v.Name);
        Producers = source.Nodes.SelectMany(n => n.Outputs.OfType<Value>(), (n, v) => (v.Name, Node: n.Name)).ToDictionary(p => p.Name, p => p.Node);
        BranchedAround = source.Nodes.Select(n => (n.Name, Values: Around(n))).Where(n => n.Values.Length > 0)
            .DistinctBy(n => n.Name).ToDictionary(n => n.Name, n => n.Values);
        // New nodes are called after the source's, with dots replaced; of a value that is cut back only its own name is left.
        var nodes = source.Nodes.Select(n => n.Name).Distinct().ToArray();
        _sources = new(() => nodes.GroupBy(name => name.Replace('.', '_')).ToDictionary(g => g.Key, g => g.First()));
        Roles = convs.ToDictionary(c => c.Node, c => c.Role);
    }

    /// <summary>The options the plan was made for.</summary>
    public ConversionOptions Options { get; }

    /// <summary>Every conv of the main graph in graph order.</summary>
    public IReadOnlyList<ConvDecision> Convs { get; }

    /// <summary>The layout of every branched value; a value that isn't here is full.</summary>
    public IReadOnlyDictionary<Value, BranchLayout> Layouts { get; }

    /// <summary>Which multiple the branches need, and every value's size with and without it.</summary>
    public InputSizes InputSizes { get; }

    /// <summary>The source's shapes for inputs of any size.</summary>
    public ShapeMap SourceShapes => InputSizes.Source;

    /// <summary>Values that were told to stay full, by name, with the reason.</summary>
    internal IReadOnlyDictionary<string, string> Closed { get; }

    /// <summary>The source's values by name.</summary>
    internal IReadOnlyDictionary<string, Value> Values { get; }

    /// <summary>The name of the source's node that computes a value, by the value's name.</summary>
    internal IReadOnlyDictionary<string, string> Producers { get; }

    /// <summary>The names of the branched values that a source's node reads or computes, by the node's name; nodes without are left out.</summary>
    internal IReadOnlyDictionary<string, string[]> BranchedAround { get; }

    /// <summary>The role of every conv.</summary>
    public IReadOnlyDictionary<Node, ConvRole> Roles { get; }

    /// <summary>The number of branches n.</summary>
    public int Branches => Options.Branches;

    /// <summary>How many convs take part.</summary>
    public int ConvertedConvs => Convs.Count(c => c.Role != ConvRole.Kept);

    /// <summary>The name of the source's node that a node of the converted graph was written for; null where it can't be told.</summary>
    internal string? SourceOf(string node)
    {
        for (var name = node; name.Length > 0; name = name.LastIndexOf('/') is > 0 and var cut ? name[..cut] : "")
        {
            if (_sources.Value.TryGetValue(name, out var source))
                return source;
        }

        return null;
    }

    /// <summary>True when the value is shared out over branches.</summary>
    public bool IsBranched(Value? value) => value is not null && Layouts.ContainsKey(value);

    // A Pad that works as one with its conv belongs to it.
    private string[] Around(Node node) =>
        [.. node.Inputs.Concat(node.Outputs).Append(node.Is("Conv") ? ConvSite.Of(node).Input : null).OfType<Value>().Where(IsBranched).Select(v => v.Name).Distinct()];
}
