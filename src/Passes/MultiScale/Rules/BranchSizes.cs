using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.MultiScale.Rules;

/// <summary>Shapes that a graph holds or computes, as a branch has them.</summary>
internal static class BranchSizes
{
    /// <summary><c>[N, C, H, W]</c> becomes <c>[N, channels, H/2^branch, W/2^branch]</c>, whether it is a constant or computed in the graph.</summary>
    public static Value Of(Node node, Value shape, long channels, int branch, BranchRewriter rewriter)
    {
        var name = $"size{branch + 1}";
        if (shape.Initializer?.ToInt64s() is [var batch, _, var height, var breadth])
            return rewriter.Integers(node, name, [batch, channels, height >> branch, breadth >> branch]);
        var parts = rewriter.Emit(node, $"{name}/split", "Split", [shape, rewriter.Integers(node, "size_parts", [1, 1, 2])], 3);
        var space = branch == 0
            ? parts[2]
            : rewriter.Emit(node, $"{name}/space", "Div", [parts[2], rewriter.Integers(node, $"{name}_factor", [1L << branch])]);
        return rewriter.Emit(node, name, "Concat", [parts[0], rewriter.Integers(node, "size_channels", [channels]), space],
            configure: n => n.With("axis", 0));
    }
}
