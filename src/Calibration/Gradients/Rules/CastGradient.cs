using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>Casts between floating-point types: the gradient is cast back.</summary>
internal sealed class CastGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["Cast"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        var from = builder.Element(node.Input(0)!);
        if (!from.IsFloatingPoint() || !builder.Element(node.Output).IsFloatingPoint())
            return false;
        builder.Give(node.Input(0), builder.Emit("Cast", [builder.Of(node.Output)], n => n.With("to", (long)from)));
        return true;
    }
}
