using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize.Support;

namespace MsSrConvert.Passes.Normalize;

/// <summary>
/// Makes a Transpose of Reshape, Squeeze and Unsqueeze chains that take one-channel images between (N,H,W,1) and (N,1,H,W); for
/// one channel the two are the same, and exporters of TensorFlow models prefer the reshapes.
/// </summary>
public sealed class LegalizeLayoutReshapes : IPass
{
    /// <inheritdoc/>
    public string Name => "legalize-layout-reshapes";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var nodes = model.Graph.AllNodes.Where(IsReshape).ToArray();
        if (nodes.Length == 0)
            return new PassResult(0);
        var shapes = ShapeInference.Infer(model);
        // Backwards, so that a chain is taken from its last node on.
        return new PassResult(nodes.Reverse().Count(n => n.Graph is not null && Rewrite(n, shapes)));
    }

    private static bool IsReshape(Node node) => node.IsStandard && node.OpType is "Reshape" or "Squeeze" or "Unsqueeze";

    private static bool Rewrite(Node last, ShapeMap shapes)
    {
        for (var node = last; node is not null && IsReshape(node) && node.Graph == last.Graph; node = node.Input(0)?.Producer)
        {
            if (node.Input(0) is not { } source
                || PermutationBetween(shapes.ShapeOf(source), shapes.ShapeOf(last.Output)) is not { } perm)
            {
                continue;
            }

            var before = last.Input(0)!.Producer;
            last.OpType = "Transpose";
            last.Attributes.Clear();
            last.With("perm", perm);
            last.SetInput(0, source);
            last.TruncateInputs(1);
            if (node != last)
                GraphEdits.RemoveIfUnused(before);
            return true;
        }

        return false;
    }

    private static long[]? PermutationBetween(Shape? from, Shape? to)
    {
        if (from is not { Rank: 4 } || to is not { Rank: 4 } || from.Any(d => d.IsUnknown) || from.Equals(to))
            return null;
        if (from[3] == Dim.Known(1) && to.Equals(new Shape(from[0], from[3], from[1], from[2])))
            return Layout.ToNchw;
        return from[1] == Dim.Known(1) && to.Equals(new Shape(from[0], from[2], from[3], from[1])) ? Layout.ToNhwc : null;
    }
}
