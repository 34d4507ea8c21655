using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>Pow by an exponent that isn't solved for: p·x^(p-1).</summary>
internal sealed class PowerGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["Pow"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        var (x, exponent, dims) = (node.Input(0)!, node.Input(1)!, builder.Dims(node.Output));
        if (builder.Wants(exponent))
            return false;
        var less = builder.Emit("Pow", [x, builder.Emit("Sub", [exponent, builder.Number(1)])]);
        var gradient = builder.Emit("Mul", [builder.Of(node.Output), builder.Emit("Mul", [exponent, less])]);
        builder.Give(x, builder.Reduced(gradient, dims, builder.Dims(x)));
        return true;
    }
}
