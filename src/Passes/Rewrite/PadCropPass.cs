using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Plan;

namespace MsSrConvert.Passes.Rewrite;

/// <summary>
/// Lets the converted model take every height and width. Where branches begin, one Pad (repeating the edge) up to the multiple
/// they need; where they end, one Slice back to the source's size. Everything outside of branches has the source's size and sees
/// the source's pixels. The amounts are computed in the graph where the size is symbolic, are constant where it is known; where
/// nothing has to be done nothing is written.
/// </summary>
public sealed class PadCropPass(ConversionPlan plan) : IPass
{
    private static readonly int[] Sides = [2, 3];

    /// <inheritdoc/>
    public string Name => "pad-crop";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var names = NameScope.OfGraph(model.Graph);
        var sizes = new SizeWriter(model.Graph, names);
        var casts =
            model.Graph.Nodes.Where(n => SizeCasts.IsEnlarge(n) || SizeCasts.IsCutBack(n) || SizeCasts.IsSizeOf(n)).ToArray();
        foreach (var cast in casts)
        {
            var (x, output) = (cast.Input(0), cast.Output);
            cast.SetOutput(0, null);
            if (SizeCasts.IsSizeOf(cast))
                PutInPlace(model.Graph, Shape(cast, sizes), output, cast.Name);
            else
                model.Graph.Add(SizeCasts.IsEnlarge(cast) ? Pad(cast, x!, output, sizes) : Crop(cast, x!, output, sizes));
            model.Graph.Remove(cast);
        }

        model.Graph.SortTopologically();
        return new PassResult(casts.Length);
    }

    // A graph output keeps its name.
    private static void PutInPlace(Graph graph, Value written, Value output, string name)
    {
        if (output.IsGraphOutput)
            graph.Add(new Node("Identity", [written], [output], name));
        else
            output.ReplaceAllUsesWith(written);
    }

    private (Dim Own, Dim Enlarged) Side(Node cast, int axis)
    {
        var (of, halvings) = (plan.Values[SizeCasts.Subject(cast)], SizeCasts.Halvings(cast));
        var (factor, side) = (SizeCasts.Factor(cast, axis), plan.InputSizes.SideOf(of, axis, halvings));
        return (factor.Times(side.Own), factor.Times(side.Enlarged));
    }

    private Node Pad(Node cast, Value x, Value output, SizeWriter sizes)
    {
        var sides = Sides.Select(axis => Side(cast, axis)).ToArray();
        var missing = sides.Select(side => side.Enlarged - side.Own).ToArray();
        var pads = missing.All(dim => dim.IsKnown)
            ? sizes.Integers([0, 0, 0, 0, 0, 0, .. missing.Select(dim => dim.Value)])
            : sizes.Joined([sizes.Integers(0, 0, 0, 0, 0, 0),
                sizes.Difference(sizes.Write([.. sides.Select(s => s.Enlarged)]), sizes.Write([.. sides.Select(s => s.Own)]))]);
        return new Node("Pad", [x, pads], [output], cast.Name).With("mode", "edge");
    }

    private Node Crop(Node cast, Value x, Value output, SizeWriter sizes)
    {
        var changed = Sides.Where(axis => Side(cast, axis) is var side && side.Own != side.Enlarged).ToArray();
        return new Node("Slice",
            [
                x, sizes.Integers([.. changed.Select(_ => 0L)]), sizes.Write([.. changed.Select(axis => Side(cast, axis).Own)]),
                sizes.Integers([.. changed.Select(a => (long)a)])
            ],
            [output], cast.Name);
    }

    private Value Shape(Node cast, SizeWriter sizes)
    {
        // Inputs of promised multiples have the enlarged size already.
        var enlarged = cast.GetInt("enlarged", 0) != 0 && !plan.Options.AssumeMultiple;
        var sides = Sides.Select(axis => Side(cast, axis)).Select(side => enlarged ? side.Enlarged : side.Own).ToArray();
        var batch = plan.InputSizes.Source.ShapeOf(plan.Values[SizeCasts.Subject(cast)])![0];
        return batch.IsKnown && sides.All(side => side.IsKnown)
            ? sizes.Write([batch, cast.GetInt("width", 0), .. sides])
            : sizes.Joined([sizes.Write(batch), sizes.Integers(cast.GetInt("width", 0)), sizes.Write(sides)]);
    }
}
