using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>Sigmoid and Tanh, whose slopes follow from their outputs: y(1-y) and 1-y².</summary>
internal sealed class SmoothGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["Sigmoid", "Tanh"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        var y = node.Output;
        var slope = node.Is("Tanh")
            ? builder.Emit("Sub", [builder.Number(1), builder.Emit("Mul", [y, y])])
            : builder.Emit("Mul", [y, builder.Emit("Sub", [builder.Number(1), y])]);
        builder.Give(node.Input(0), builder.Emit("Mul", [builder.Of(y), slope]));
        return true;
    }
}
