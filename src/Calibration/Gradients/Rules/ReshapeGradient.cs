using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>Operators that only regroup the elements.</summary>
internal sealed class ReshapeGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["Reshape", "Flatten", "Squeeze", "Unsqueeze"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        builder.Give(node.Input(0),
            builder.Emit("Reshape", [builder.Of(node.Output), builder.Integers(builder.Dims(node.Input(0)!))]));
        return true;
    }
}
