using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>Div: 1/b for a, -y/b for b.</summary>
internal sealed class QuotientGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["Div"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        var (error, b, dims) = (builder.Of(node.Output)!, node.Input(1)!, builder.Dims(node.Output));
        var share = builder.Emit("Div", [error, b]);
        if (builder.Wants(node.Input(0)))
            builder.Give(node.Input(0), builder.Reduced(share, dims, builder.Dims(node.Input(0)!)));
        if (builder.Wants(b))
        {
            builder.Give(b,
                builder.Reduced(builder.Emit("Neg", [builder.Emit("Mul", [share, node.Output])]), dims, builder.Dims(b)));
        }

        return true;
    }
}
