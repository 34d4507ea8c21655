using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Shapes;

/// <summary>If: what both branches agree on, or the branch that a known condition takes.</summary>
internal sealed class IfShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["If"];

    public void Infer(ShapeContext context)
    {
        var yes = Branch(context, "then_branch");
        var no = Branch(context, "else_branch");
        if (context.Numbers(0) is [var condition])
            (yes, no) = condition != 0 ? (yes, yes) : (no, no);
        for (var i = 0; i < context.Node.Outputs.Count; i++)
        {
            if (context.TypeOf(yes[i]) is not { } left || context.TypeOf(no[i]) is not { } right || left.Element != right.Element)
                continue;
            context.Set(i, left.Element, Common(left.Shape, right.Shape));
            if (yes[i] == no[i])
                context.SetContent(i, context.ContentOf(yes[i]));
        }
    }

    private static IReadOnlyList<Value> Branch(ShapeContext context, string name)
    {
        var outputs = context.Attribute<GraphAttribute>(name, "a graph")?.Value.Outputs ?? [];
        ShapeContext.Require(outputs.Count >= context.Node.Outputs.Count, $"'{name}' doesn't have the node's outputs");
        return outputs;
    }

    private static Shape? Common(Shape? a, Shape? b) =>
        a is null || b is null || a.Rank != b.Rank ? null : new Shape(a.Zip(b, (x, y) => x == y ? x : Dim.Unknown));
}

/// <summary>Loop and Scan: only the element types of what their body computes; shapes may change from turn to turn.</summary>
internal sealed class LoopShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["Loop", "Scan"];

    public void Infer(ShapeContext context)
    {
        var outputs = context.Attribute<GraphAttribute>("body", "a graph")?.Value.Outputs ?? [];
        // A loop's body computes its condition first.
        var skipped = context.Node.OpType == "Loop" ? 1 : 0;
        ShapeContext.Require(outputs.Count >= context.Node.Outputs.Count + skipped, "its body doesn't have the node's outputs");
        for (var i = 0; i < context.Node.Outputs.Count; i++)
        {
            if (context.TypeOf(outputs[i + skipped]) is { } type)
                context.Set(i, type.Element, null);
        }
    }
}
