using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize.Support;

namespace MsSrConvert.Passes.Normalize;

/// <summary>
/// Moves networks from (N,H,W,C) to (N,C,H,W), as models from TensorFlow need that have a Transpose on both sides of every conv:
/// what stands between the Transposes and works on either layout is changed over, with its axes and constants, so that they
/// meet and cancel. What is left is one Transpose at a graph input and one at an output that are NHWC themselves.
/// </summary>
/// <remarks>Works on the main graph. Expects <see cref="MergeTransposes"/> before and after.</remarks>
public sealed class NhwcToNchw : IPass
{
    /// <inheritdoc/>
    public string Name => "nhwc-to-nchw";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var graph = model.Graph;
        if (!graph.Nodes.Any(n => Layout.IsToNchw(n) || Layout.IsToNhwc(n)))
            return new PassResult(0);
        var emit = new Emitter(model);
        var moves = new LayoutMoves(emit, ShapeInference.Infer(model));
        var regions = Regions(graph, moves, emit).Where(r => r.IsWorthwhile()).ToArray();
        foreach (var region in regions)
            region.Convert();
        if (regions.Length > 0)
            graph.SortTopologically();
        return new PassResult(regions.Length);
    }

    // Movable nodes that share an image value belong together.
    private static List<LayoutRegion> Regions(Graph graph, LayoutMoves moves, Emitter emit)
    {
        var movable = graph.Nodes.Where(moves.CanMove).ToHashSet();
        var seen = new HashSet<Node>();
        var regions = new List<LayoutRegion>();
        foreach (var start in graph.Nodes.Where(movable.Contains))
        {
            if (!seen.Add(start))
                continue;
            var (nodes, values) = (new List<Node> { start }, new HashSet<Value>());
            for (var i = 0; i < nodes.Count; i++)
            {
                foreach (var value in nodes[i].Inputs.Concat(nodes[i].Outputs).OfType<Value>().Where(moves.IsImage))
                {
                    if (!values.Add(value))
                        continue;
                    var neighbours = value.Uses.Select(u => u.Node).Append(value.Producer).OfType<Node>();
                    nodes.AddRange(neighbours.Where(n => movable.Contains(n) && seen.Add(n)));
                }
            }

            regions.Add(new LayoutRegion(values, nodes, moves, emit));
        }

        return regions;
    }
}
