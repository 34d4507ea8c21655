using MsSrConvert.GraphIR;

namespace MsSrConvert.Method;

/// <summary>
/// Looks up every recorded tie in the graph. The metadata names the nodes but not whether they share their kernel or their bias;
/// a node has at most one tie of either kind, so ties that have a node in common are of different kinds.
/// </summary>
internal sealed class TieFinder
{
    private readonly IReadOnlyList<Tie> _ties;
    private readonly NodeFinder _nodes;

    private TieFinder(Graph graph, IReadOnlyList<Tie> ties) => (_nodes, _ties) = (new NodeFinder(graph), ties);

    /// <summary>The state of every tie, in order.</summary>
    public static IReadOnlyList<TieState> Run(Graph graph, IReadOnlyList<Tie> ties) => new TieFinder(graph, ties).Run();

    private TieState[] Run()
    {
        var states = new TieState[_ties.Count];
        var ofNode = _ties.SelectMany((t, i) => t.Nodes.Select(node => (node, i))).ToLookup(p => p.node, p => p.i);
        var sides = new Dictionary<int, bool>();
        for (var start = 0; start < _ties.Count; start++)
        {
            if (sides.ContainsKey(start))
                continue;
            var (component, work) = (new List<int>(), new Queue<int>([start]));
            sides[start] = false;
            while (work.TryDequeue(out var at))
            {
                component.Add(at);
                foreach (var next in _ties[at].Nodes.SelectMany(n => ofNode[n]).Where(n => sides.TryAdd(n, !sides[at])))
                    work.Enqueue(next);
            }

            Resolve(component, sides, states);
        }

        return states;
    }

    // A layer's kernel is recorded before its bias, so kernels first unless the graph speaks for the other reading.
    private void Resolve(List<int> component, Dictionary<int, bool> sides, TieState[] states)
    {
        var kernelsFirst = component.ConvertAll(i => State(_ties[i], sides[i] ? WeightRead.Bias : WeightRead.Kernel));
        var biasesFirst = component.ConvertAll(i => State(_ties[i], sides[i] ? WeightRead.Kernel : WeightRead.Bias));
        var better = biasesFirst.Sum(Evidence) > kernelsFirst.Sum(Evidence) ? biasesFirst : kernelsFirst;
        for (var i = 0; i < component.Count; i++)
            states[component[i]] = better[i];
    }

    private static int Evidence(TieState state) =>
        state.Reads.Count + (state.IsIntact ? 1 : 0)
            + (state.Copies.Any(c => c.Name == state.Tie.Name) ? 2 * state.Tie.Nodes.Count : 0);

    private TieState State(Tie tie, int input)
    {
        var reads = tie.Nodes
            .Select(name => (Name: name, Read: _nodes.Find(name) is { } node ? WeightRead.Of(node, input) : null)).ToArray();
        return new TieState(tie, [.. reads.Where(r => r.Read is not null).Select(r => r.Read!.Value)],
            [.. reads.Where(r => r.Read is null).Select(r => r.Name)]);
    }
}
