using MsSrConvert.GraphIR;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators;

/// <summary>Activations of ONNX Runtime's own set: forms of Gelu, some with a bias.</summary>
internal static class RuntimeActivations
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("Gelu", new OperatorForm([In.T("X", TypeSet.Floats)])) { Decomposition = step => Gelu(step, "none") },
        new("BiasGelu", new OperatorForm([In.T("A", TypeSet.Floats), In.T("B", TypeSet.Floats).Rank(1)]))
        {
            Decomposition = step => Gelu(step, "none"),
        },
        new("FastGelu", new OperatorForm([In.T("X", TypeSet.Floats), In.T("bias", TypeSet.Floats).Rank(1).Optional()]))
        {
            Decomposition = step => Gelu(step, "tanh"),
        },
        new("QuickGelu", new OperatorForm([In.T("X", TypeSet.Floats)], AttributeRule.Float("alpha", 1.702f)))
        {
            Decomposition = step => step.BecomeNewer("Swish", "alpha", new FloatAttribute(step.Float("alpha")), step.Node.Input(0)),
        },
    ];

    // The bias runs over the last axis.
    private static void Gelu(RewriteStep step, string curve)
    {
        var (node, x) = (step.Node, step.Node.Input(0));
        if (node.Input(1) is { } bias)
            x = step.Emit.Before(node, "Add", "biased", x, bias).Output;
        step.BecomeNewer("Gelu", "approximate", new StringAttribute(curve), x);
    }
}
