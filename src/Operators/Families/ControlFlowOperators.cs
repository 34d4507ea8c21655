using MsSrConvert.GraphIR;
using MsSrConvert.Operators.Checking;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators.Families;

/// <summary>Operators that run graphs.</summary>
internal static class ControlFlowOperators
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("If")
        {
            Inputs = [In.Single("cond", TypeSet.Bool)],
            MaxOutputs = int.MaxValue,
            Attributes = [Body("then_branch"), Body("else_branch")],
            Relations = BranchesGiveTheOutputs,
        },
        new("Loop")
        {
            Inputs = [In.Single("M", TypeSet.Int64).Optional(), In.Single("cond", TypeSet.Bool).Optional(), In.Of("v_initial", TypeSet.Any).Variadic().Optional()],
            MinOutputs = 0,
            MaxOutputs = int.MaxValue,
            Attributes = [Body("body")],
        },
        new("Scan")
        {
            Inputs = [In.Of("initial_state_and_scan_inputs", TypeSet.Any).Variadic().Optional()],
            MaxOutputs = int.MaxValue,
            Attributes = [Body("body"), Attr.Int("num_scan_inputs", min: 1).Required()],
        },
    ];

    private static Attr Body(string name) => Attr.Of(name, AttributeKind.Graph).Required();

    private static void BranchesGiveTheOutputs(NodeOperands node)
    {
        foreach (var name in (string[])["then_branch", "else_branch"])
        {
            if (node.Attribute(name) is GraphAttribute { Value: var branch } && branch.Outputs.Count != node.Node.Outputs.Count)
                node.RejectAttribute($"attribute '{name}' is a graph of {branch.Outputs.Count} outputs; the If has {node.Node.Outputs.Count}");
        }
    }
}
