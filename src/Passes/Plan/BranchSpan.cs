using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Method;
using MsSrConvert.Passes.Branching;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Plan;

/// <summary>
/// Where the branches begin and end when the user says so (<c>--separate-at</c>, <c>--fuse-at</c>). It only closes feature
/// spaces, and names the values behind which branches have to split off because both full and branched readers need them.
/// </summary>
internal sealed class BranchSpan
{
    private readonly Model _model;
    private readonly Graph _graph;
    private readonly ShapeMap _shapes;
    private readonly Dictionary<Value, string> _closed = [];
    private readonly Dictionary<Value, HashSet<Node>> _fullReaders = [];

    private BranchSpan(Model model, ShapeMap shapes) => (_model, _graph, _shapes) = (model, model.Graph, shapes);

    /// <summary>Values that must not be branched, with the reason.</summary>
    public IReadOnlyDictionary<Value, string> Closed => _closed;

    /// <summary>Values that are not branched for some readers while the others read branches split off behind them.</summary>
    public IReadOnlyList<SplitOff> SplitOffs =>
        [.. _fullReaders.Select(s => new SplitOff(s.Key.Name, s.Value.Select(n => n.Name).ToHashSet()))];

    /// <summary>Works out what the options ask for.</summary>
    /// <param name="model">The model; not changed.</param>
    /// <param name="options">What the user asks for.</param>
    /// <param name="shapes">The model's shapes.</param>
    /// <exception cref="MsSrException">A named node isn't there (MSSR3003), or nothing upscales (MSSR2004).</exception>
    public static BranchSpan Resolve(Model model, ConversionOptions options, ShapeMap shapes)
    {
        var span = new BranchSpan(model, shapes);
        if (options.SeparateAt != ConversionOptions.FirstConv)
            span.BeginAt(span.Named(options.SeparateAt, "--separate-at"));
        if (options.FuseAt != ConversionOptions.LastConv)
        {
            span.EndAt(
                options.FuseAt == ConversionOptions.Upsampler ? span.FirstUpscaler() : span.Named(options.FuseAt, "--fuse-at"),
                options.FuseAt);
        }

        return span;
    }

    private Node Named(string name, string option) => _graph.Nodes.FirstOrDefault(n => n.Name == name)
        ?? throw new MsSrException(
            new Diagnostic("MSSR3003", Severity.Error, $"there is no node '{name}'.", option,
                "'inspect' lists the convs by name."));

    // The first node that makes a feature map larger than any image input: U-Nets upscale too, but only back to their input's
    // size.
    private Node FirstUpscaler()
    {
        var inputs = ImageInputs.Find(_model).Select(i => _shapes.ShapeOf(i.Value)![i.Axes[0]]).ToArray();
        return _graph.Nodes
            .FirstOrDefault(n => n.Outputs.Count > 0 && n.Outputs[0] is { } output && _shapes.ShapeOf(output) is { Rank: 4 } shape
                && inputs.Length > 0 && inputs.All(side => shape[2] != side && shape[2].IsAtLeast(side)))
            ?? throw new MsSrException(
                new Diagnostic("MSSR2004", Severity.Error, "the network has no upscaling operator to end the branches at.",
                "--fuse-at upsampler", "Leave out --fuse-at, or name a node."));
    }

    private void BeginAt(Node start)
    {
        foreach (var value in Ancestors(start))
            _closed.TryAdd(value, $"it stands before {start}, where the branches begin");
        if (!start.IsConv())
            SplitBehind(start.Output, []);
    }

    private void EndAt(Node end, string option)
    {
        var reason = option == ConversionOptions.Upsampler
            ? $"it stands behind {end}, the first upscaling operator" : $"it stands behind {end}, where the branches end";
        foreach (var value in Descendants(end.IsConv() || TryFuseBefore(end) ? [end] : NextConvs(end)))
            _closed.TryAdd(value, reason);
    }

    // Ends the branches before a node that isn't a conv: what it reads must come out of convs that can become fusion layers, or
    // straight from the head, where the full value is at hand.
    private bool TryFuseBefore(Node end)
    {
        if (!end.Inputs.Any(IsMap) || new FullPaths(_graph, IsMap).To(end) is not { } splits)
            return false;
        foreach (var (value, readers) in splits)
            SplitBehind(value, readers);
        return true;
    }

    private bool IsMap(Value? value) => value is { Initializer: null } && _shapes.ShapeOf(value) is { Rank: 4 };

    private void SplitBehind(Value value, HashSet<Node> fullReaders)
    {
        _fullReaders[value] = fullReaders;
        _closed.TryAdd(value, "branches split off behind it");
    }

    // The nearest convs behind a node, in the order in which a walk along its readers meets them.
    private static List<Node> NextConvs(Node from)
    {
        var convs = new List<Node>();
        var seen = new HashSet<Node>();
        var work = new Stack<Node>([from]);
        while (work.TryPop(out var node))
        {
            if (!seen.Add(node))
                continue;
            if (node != from && node.IsConv())
            {
                convs.Add(node);
                continue;
            }

            foreach (var reader in node.Outputs.OfType<Value>().SelectMany(o => o.Uses).Select(u => u.Node).Distinct().Reverse())
                work.Push(reader);
        }

        return convs;
    }

    private static HashSet<Value> Ancestors(Node node) => Reach([node], n => n.Inputs, v => v.Producer is { } p ? [p] : []);

    private static HashSet<Value> Descendants(IEnumerable<Node> nodes) =>
        Reach(nodes, n => n.Outputs, v => v.Uses.Select(u => u.Node));

    private static HashSet<Value> Reach(IEnumerable<Node> starts, Func<Node, IEnumerable<Value?>> values,
        Func<Value, IEnumerable<Node>> next)
    {
        var reached = new HashSet<Value>();
        var work = new Stack<Node>(starts);
        while (work.TryPop(out var node))
        {
            foreach (var value in values(node).OfType<Value>().Where(reached.Add))
            {
                foreach (var neighbour in next(value))
                    work.Push(neighbour);
            }
        }

        return reached;
    }
}
