using MsSrConvert.GraphIR;
using MsSrConvert.Method;

namespace MsSrConvert.Passes.Plan;

/// <summary>
/// Whether the feature maps that a node reads can be full while the network before it is branched: they come out of convs that
/// can become fusion layers, or straight from the head, where the full value is at hand. Takes time linear in the graph.
/// </summary>
internal sealed class FullPaths
{
    private readonly Func<Value?, bool> _isMap;
    private readonly Dictionary<Value, ConvsBehind> _behind = [];
    private readonly Dictionary<Value, HashSet<Node>> _splits = [];
    private readonly Stack<Step> _work = [];
    private readonly HashSet<Step> _seen = [];

    /// <summary>Prepares the search.</summary>
    /// <param name="graph">The graph; its nodes stand in execution order.</param>
    /// <param name="isMap">Tells feature maps from other values.</param>
    public FullPaths(Graph graph, Func<Value?, bool> isMap)
    {
        _isMap = isMap;
        foreach (var node in graph.Nodes)
        {
            var behind = Before(node);
            if (node.IsConv())
                behind = behind.With(node);
            foreach (var output in node.Outputs.OfType<Value>())
                _behind[output] = behind;
        }
    }

    /// <summary>
    /// The values behind which branches have to split off, each with the readers that read it in full; null where a feature map
    /// that <paramref name="end"/> reads can't be full.
    /// </summary>
    public IReadOnlyDictionary<Value, HashSet<Node>>? To(Node end)
    {
        Follow(end, maySplit: true);
        while (_work.TryPop(out var step))
        {
            if (_seen.Add(step) && !CanBeFull(step))
                return null;
        }

        return _splits;
    }

    private bool CanBeFull(Step step)
    {
        var (value, reader, maySplit) = step;
        if (value.Producer is not { } producer)
            return true;
        var shared = value.Uses.Any(use => use.Node != reader);
        if (producer.IsConv())
            return !shared || (maySplit && Before(producer).None && SplitBehind(value, reader));
        if (!shared)
            return Follow(producer, maySplit);
        return maySplit && CanSplitBehindActivation(producer) && SplitBehind(value, reader) && Follow(producer, maySplit: false);
    }

    // conv, activation, then both the trunk and the long skip: the branches split off behind the activation.
    private bool CanSplitBehindActivation(Node producer) => producer.Inputs.Count(_isMap) <= 1 && !Before(producer).Many
        && producer.Inputs.Where(_isMap).All(input => input!.Uses.All(u => u.Node == producer));

    private bool SplitBehind(Value value, Node fullReader)
    {
        if (!_splits.TryGetValue(value, out var readers))
            _splits[value] = readers = [];
        readers.Add(fullReader);
        return true;
    }

    private bool Follow(Node node, bool maySplit)
    {
        foreach (var input in node.Inputs.Where(_isMap).Reverse())
            _work.Push(new Step(input!, node, maySplit));
        return true;
    }

    private ConvsBehind Before(Node node) => node.Inputs.OfType<Value>()
        .Aggregate(default(ConvsBehind), (sum, input) => sum.With(_behind.GetValueOrDefault(input)));

    /// <summary>A value that has to be full for a reader.</summary>
    private readonly record struct Step(Value Value, Node Reader, bool MaySplit);

    /// <summary>The convs that a value depends on: none, one, or many.</summary>
    private readonly record struct ConvsBehind(Node? Only, bool Many)
    {
        public bool None => Only is null && !Many;

        public ConvsBehind With(Node conv) => With(new ConvsBehind(conv, false));

        public ConvsBehind With(ConvsBehind other) =>
            None || this == other ? other : other.None ? this : new ConvsBehind(null, true);
    }
}
