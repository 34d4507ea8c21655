using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Branching;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Plan;

/// <summary>The decision on one conv.</summary>
/// <param name="Node">The conv in the plan's source.</param>
/// <param name="Role">What becomes of it.</param>
/// <param name="Reason">Why, in one sentence.</param>
public sealed record ConvDecision(Node Node, ConvRole Role, string Reason);

/// <summary>
/// The second stage of a conversion: the whole decision on a normal form. Where crops are deferred and branches split off, the
/// role of every conv and the partition of every branched value. Immutable; the rewrite passes execute it by names and decide
/// nothing.
/// </summary>
public sealed class ConversionPlan
{
    private readonly Lazy<Dictionary<string, string>> _sources;
    private readonly Lazy<Dictionary<string, Node>> _nodes;

    /// <summary>Puts decisions together.</summary>
    /// <param name="options">The options they were made for.</param>
    /// <param name="source">What the layers are laid out on.</param>
    /// <param name="convs">Every conv of it.</param>
    /// <param name="layouts">The branched values of it.</param>
    /// <param name="inputSizes">The sizes of its values.</param>
    internal ConversionPlan(
        ConversionOptions options,
        PlannedSource source,
        IReadOnlyList<ConvDecision> convs,
        IReadOnlyDictionary<Value, BranchLayout> layouts,
        InputSizes inputSizes)
    {
        Options = options;
        Source = source.Model;
        Crops = source.Crops;
        SplitOffs = source.SplitOffs;
        Convs = convs;
        Layouts = layouts.ToDictionary(l => l.Key.Name, l => l.Value);
        InputSizes = inputSizes;
        var graph = Source.Graph;
        Values = graph.Values.ToDictionary(v => v.Name);
        Producers = graph.Nodes.SelectMany(n => n.Outputs.OfType<Value>(),
            (n, v) => (v.Name, Node: n.Name)).ToDictionary(p => p.Name, p => p.Node);
        BranchedAround = graph.Nodes.Select(n => (n.Name, Values: Around(n))).Where(n => n.Values.Length > 0)
            .DistinctBy(n => n.Name).ToDictionary(n => n.Name, n => n.Values);
        _nodes = new(() => graph.Nodes.DistinctBy(n => n.Name).ToDictionary(n => n.Name));
        // New nodes are called after the source's, with dots replaced; of a value that is cut back only its own name is left.
        _sources = new(() => _nodes.Value.Keys.GroupBy(name => name.Replace('.', '_')).ToDictionary(g => g.Key, g => g.First()));
    }

    /// <summary>The options the plan was made for.</summary>
    public ConversionOptions Options { get; }

    /// <summary>
    /// What the layers are laid out on: the normal form, its crops deferred and the places marked where branches split off. It
    /// computes the same. Not to be changed.
    /// </summary>
    public Model Source { get; }

    /// <summary>Every conv of the main graph in graph order.</summary>
    public IReadOnlyList<ConvDecision> Convs { get; }

    /// <summary>The layout of every branched value, by its name; a value that isn't here is full.</summary>
    public IReadOnlyDictionary<string, BranchLayout> Layouts { get; }

    /// <summary>
    /// Which multiple the branches need, and the size with and without it of every value of <see cref="Source"/>.
    /// </summary>
    public InputSizes InputSizes { get; }

    /// <summary>Which crops are deferred to the outputs.</summary>
    internal DeferredCrops Crops { get; }

    /// <summary>Behind which values branches split off.</summary>
    internal IReadOnlyList<SplitOff> SplitOffs { get; }

    /// <summary>The source's values by name.</summary>
    internal IReadOnlyDictionary<string, Value> Values { get; }

    /// <summary>The name of the source's node that computes a value, by the value's name.</summary>
    internal IReadOnlyDictionary<string, string> Producers { get; }

    /// <summary>
    /// The names of the branched values that a source's node reads or computes, by the node's name; nodes without are left out.
    /// </summary>
    internal IReadOnlyDictionary<string, string[]> BranchedAround { get; }

    /// <summary>The number of branches n.</summary>
    public int Branches => Options.Branches;

    /// <summary>How many convs take part.</summary>
    public int ConvertedConvs => Convs.Count(c => c.Role != ConvRole.Kept);

    /// <summary>The convs of one role in a model that is being rewritten, in the plan's order.</summary>
    internal Node[] ConvsOf(Model model, ConvRole role)
    {
        var convs = model.Graph.Nodes.Where(n => n.IsConv()).ToDictionary(n => n.Name);
        return [.. Convs.Where(c => c.Role == role).Select(c => convs[c.Node.Name])];
    }

    /// <summary>The source's node that a node of the same name stands for.</summary>
    internal Node NodeOf(Node node) => _nodes.Value[node.Name];

    /// <summary>
    /// The name of the source's node that a node of the converted graph was written for; null where it can't be told.
    /// </summary>
    internal string? SourceOf(string node)
    {
        for (var name = node; name.Length > 0; name = name.LastIndexOf('/') is > 0 and var cut ? name[..cut] : "")
        {
            if (_sources.Value.TryGetValue(name, out var source))
                return source;
        }

        return null;
    }

    /// <summary>True when the value of this name is partitioned over branches.</summary>
    public bool IsBranched(Value? value) => value is not null && Layouts.ContainsKey(value.Name);

    // A Pad that works as one with its conv belongs to it.
    private string[] Around(Node node) =>
        [
            .. node.Inputs.Concat(node.Outputs).Append(
                node.Is("Conv") ? ConvSite.Of(node).Input : null).OfType<Value>().Where(IsBranched).Select(v => v.Name).Distinct()
        ];
}
