using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators;

/// <summary>Operators that run graphs.</summary>
internal static class ControlFlowOperators
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("If", new OperatorForm([In.Single("cond", TypeSet.Bool)], Body("then_branch"), Body("else_branch"))
        {
            MaxOutputs = int.MaxValue,
            Relations = BranchesGiveTheOutputs,
        })
        {
            Traits = Traits.WholeMap,
            Shape = InferIf,
            Versions = [7, 11, 13, 16, 19, 21, 23, 24, 25],
        },
        new("Loop", new OperatorForm(
            [
                In.Single("M", TypeSet.Int64).Optional(), In.Single("cond", TypeSet.Bool).Optional(),
                In.Of("v_initial", TypeSet.Any).Variadic().Optional(),
            ],
            Body("body"))
        {
            MinOutputs = 0,
            MaxOutputs = int.MaxValue,
        })
        {
            Traits = Traits.WholeMap,
            // A loop's body computes its condition first.
            Shape = context => InferTurns(context, skipped: 1),
            Versions = [7, 11, 13, 16, 19, 21, 23, 24, 25],
        },
        new("Scan", new OperatorForm(
            [In.Of("initial_state_and_scan_inputs", TypeSet.Any).Variadic().Optional()],
            Body("body"), Attr.Int("num_scan_inputs", min: 1).Required())
        {
            MaxOutputs = int.MaxValue,
        })
        {
            Traits = Traits.WholeMap,
            Shape = context => InferTurns(context, skipped: 0),
            Versions = [8, OperatorVersion.Breaking(9), 11, 16, 19, 21, 23, 24, 25],
        },
    ];

    private static Attr Body(string name) => Attr.Of(name, AttributeKind.Graph).Required();

    private static void BranchesGiveTheOutputs(NodeOperands node)
    {
        foreach (var name in (string[])["then_branch", "else_branch"])
        {
            var wanted = node.Node.Outputs.Count;
            if (node.Attribute(name) is GraphAttribute { Value: var branch } && branch.Outputs.Count != wanted)
                node.RejectAttribute($"attribute '{name}' is a graph of {branch.Outputs.Count} outputs; the If has {wanted}");
        }
    }

    // If: what both branches agree on, or the branch that a known condition takes.
    private static void InferIf(ShapeContext context)
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

    // Only the element types of what the body computes; shapes may change from turn to turn.
    private static void InferTurns(ShapeContext context, int skipped)
    {
        var outputs = context.Attribute<GraphAttribute>("body", "a graph")?.Value.Outputs ?? [];
        ShapeContext.Require(outputs.Count >= context.Node.Outputs.Count + skipped, "its body doesn't have the node's outputs");
        for (var i = 0; i < context.Node.Outputs.Count; i++)
        {
            if (context.TypeOf(outputs[i + skipped]) is { } type)
                context.Set(i, type.Element, null);
        }
    }
}
