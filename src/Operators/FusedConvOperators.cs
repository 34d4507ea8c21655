using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators;

/// <summary>
/// FusedConv, which ONNX Runtime's optimizer writes: activation(Conv(X, W, B) + Z), (N, C, H, W) to (N, M, H', W').
/// </summary>
internal static class FusedConvOperators
{
    private const string Activation = "activation";
    private const string Parameters = "activation_params";

    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("FusedConv", new OperatorForm(
            [
                In.T("X", TypeSet.Floats).Rank(3), In.T("W", TypeSet.Floats).Rank(3),
                In.T("B", TypeSet.Floats).Rank(1, 1).Optional(), In.T("Z", TypeSet.Floats).Optional(),
            ],
            [.. ConvOperators.Attributes, Attr.Text(Activation, ""), Attr.Of(Parameters, AttributeKind.Floats)]))
        {
            Decomposition = Decompose,
        },
    ];

    private static void Decompose(RewriteStep step)
    {
        var (node, emit) = (step.Node, step.Emit);
        var conv = emit.Before(node, "Conv", "conv", node.Input(0), node.Input(1), node.Input(2));
        foreach (var (name, value) in node.Attributes.Where(a => a.Key is not (Activation or Parameters)))
            conv.With(name, value);
        var y = node.Input(3) is { } z ? emit.Before(node, "Add", "sum", conv.Output, z).Output : conv.Output;

        var parameters = node.TryAttribute<FloatsAttribute>(Parameters, out var stated) ? stated.Values : [];
        var activation = step.Text(Activation);
        switch (activation, parameters.Count)
        {
            case ("Relu" or "Tanh" or "Sigmoid", 0):
                step.Become(activation, y);
                break;
            case ("LeakyRelu", 1):
                step.Become("LeakyRelu", y);
                node.With("alpha", parameters[0]);
                break;
            case ("HardSigmoid", 2):
                step.Become("HardSigmoid", y);
                node.With("alpha", parameters[0]).With("beta", parameters[1]);
                break;
            case ("Clip", 2) when step.To >= 11:
                step.Become("Clip", y, step.Scalar("min", parameters[0], y), step.Scalar("max", parameters[1], y));
                break;
            case ("Clip", 2):
                step.Become("Clip", y);
                node.With("min", parameters[0]).With("max", parameters[1]);
                break;
            case ("", 0):
                step.Become("Identity", y);
                break;
            default:
                throw step.Decline($"its activation '{activation}' with {parameters.Count} parameters isn't known");
        }
    }
}
