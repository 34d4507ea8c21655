using MsSrConvert.GraphIR;
using MsSrConvert.Operators;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>Relu, LeakyRelu, PRelu: the gradient passes where the input is positive, elsewhere its share does.</summary>
internal sealed class RectifierGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["Relu", "LeakyRelu", "PRelu"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        var (x, error) = (node.Input(0)!, builder.Of(node.Output)!);
        var positive = builder.Emit("Greater", [x, builder.Number(0)]);
        var below = node.OpType switch
        {
            "Relu" => builder.Number(0),
            "LeakyRelu" => builder.Emit("Mul", [error, builder.Number(node.FloatOf("alpha"))]),
            _ => builder.Emit("Mul", [error, node.Input(1)]),
        };
        builder.Give(x, builder.Emit("Where", [positive, error, below]));
        return true;
    }
}
