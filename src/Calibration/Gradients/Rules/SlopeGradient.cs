using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>
/// Smooth functions of one number: the gradient times the slope, which follows from what the node reads or gives.
/// </summary>
internal sealed class SlopeGradient : IGradientRule
{
    private const float ErfSlope = 1.1283791670955126f;

    private static readonly Dictionary<string, Func<GradientBuilder, Value, Value, Value>> Slopes = new()
    {
        ["Sigmoid"] = (b, _, y) => b.Emit("Mul", [y, b.Emit("Sub", [b.Number(1), y])]),
        ["Tanh"] = (b, _, y) => b.Emit("Sub", [b.Number(1), b.Emit("Mul", [y, y])]),
        ["Exp"] = (_, _, y) => y,
        ["Log"] = (b, x, _) => b.Emit("Reciprocal", [x]),
        ["Sqrt"] = (b, _, y) => b.Emit("Div", [b.Number(0.5f), y]),
        ["Abs"] = (b, x, _) => b.Emit("Sign", [x]),
        ["Sin"] = (b, x, _) => b.Emit("Cos", [x]),
        ["Cos"] = (b, x, _) => b.Emit("Neg", [b.Emit("Sin", [x])]),
        ["Erf"] = (b, x, _) => b.Emit("Mul", [b.Number(ErfSlope), b.Emit("Exp", [b.Emit("Neg", [b.Emit("Mul", [x, x])])])]),
    };

    public IReadOnlyList<string> Operators { get; } = [.. Slopes.Keys];

    public bool Emit(Node node, GradientBuilder builder)
    {
        var slope = Slopes[node.OpType](builder, node.Input(0)!, node.Output);
        builder.Give(node.Input(0), builder.Emit("Mul", [builder.Of(node.Output), slope]));
        return true;
    }
}
