using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Layers;

/// <summary>Everything that has to be written of a graph, in an order in which values are made before they are read.</summary>
internal sealed class Schedule
{
    private Schedule(IReadOnlyList<Step> steps, IReadOnlySet<Value> wanted) => (Steps, Wanted) = (steps, wanted);

    /// <summary>The steps in order.</summary>
    public IReadOnlyList<Step> Steps { get; }

    /// <summary>The values that a step or the graph's caller reads.</summary>
    public IReadOnlySet<Value> Wanted { get; }

    /// <summary>Plans a graph: layers of the method at once, other nodes one by one, what nobody needs not at all.</summary>
    public static Schedule Of(Graph graph)
    {
        var makers = new Dictionary<Value, Step>();
        foreach (var node in graph.Nodes)
        {
            var step = new NodeStep(node);
            foreach (var output in step.Outputs)
                makers[output] = step;
        }

        foreach (var layer in LayerFinder.Run(graph))
        {
            foreach (var output in layer.Outputs)
                makers[output] = layer;
        }

        var (steps, placed) = (new List<Step>(), new HashSet<Step>());
        var needed = Needed(graph, makers);
        var work = new Stack<(Step Step, bool Leave)>();
        // In the graph's order, so that the code reads like the graph; a step moves up only for one that needs it.
        foreach (var root in graph.Nodes.SelectMany(n => n.Outputs).OfType<Value>().Select(v => makers[v]).Where(needed.Contains))
        {
            work.Push((root, false));
            while (work.TryPop(out var at))
            {
                if (at.Leave)
                {
                    if (placed.Add(at.Step))
                        steps.Add(at.Step);
                    continue;
                }

                if (placed.Contains(at.Step))
                    continue;
                work.Push((at.Step, true));
                foreach (var before in at.Step.Inputs.Reverse().Where(makers.ContainsKey).Select(v => makers[v])
                    .Where(s => !placed.Contains(s)))
                {
                    work.Push((before, false));
                }
            }
        }

        return new Schedule(steps, steps.SelectMany(s => s.Inputs).Concat(graph.Outputs).ToHashSet());
    }

    private static HashSet<Step> Needed(Graph graph, Dictionary<Value, Step> makers)
    {
        var needed = new HashSet<Step>();
        var work = new Stack<Value>(graph.Outputs);
        while (work.TryPop(out var value))
        {
            if (!makers.TryGetValue(value, out var step) || !needed.Add(step))
                continue;
            foreach (var input in step.Inputs)
                work.Push(input);
        }

        return needed;
    }
}
