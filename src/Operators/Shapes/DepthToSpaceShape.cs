using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Shapes;

/// <summary>DepthToSpace: (N, C, H, W) to (N, C/b², H·b, W·b), and its inverse SpaceToDepth.</summary>
internal sealed class DepthToSpaceShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["DepthToSpace", "SpaceToDepth"];

    public void Infer(ShapeContext context)
    {
        context.Set(ShapeContext.UnknownOf(4));
        var block = context.Int("blocksize", 0);
        ShapeContext.Require(block > 0, "attribute 'blocksize' isn't positive");
        if (context.Shape(0) is not { } x)
            return;
        ShapeContext.Require(x.Rank == 4, $"it rearranges {x}, which isn't N,C,H,W");
        context.Set(context.Node.OpType == "DepthToSpace"
            ? new Shape(x[0], Divide(context, x[1], block * block), x[2] * block, x[3] * block)
            : new Shape(x[0], x[1] * (block * block), Divide(context, x[2], block), Divide(context, x[3], block)));
    }

    private static Dim Divide(ShapeContext context, Dim size, long divisor)
    {
        if (!size.IsKnown || size.TryDivide(divisor, out _))
            return size.FloorDivide(divisor);
        context.Report(ConflictKind.Provable, $"{size} isn't a multiple of {divisor}");
        return Dim.Unknown;
    }
}
