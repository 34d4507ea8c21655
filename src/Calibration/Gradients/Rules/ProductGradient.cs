using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>Mul: each factor's gradient is that of the product times the other factor.</summary>
internal sealed class ProductGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["Mul"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        var (error, dims) = (builder.Of(node.Output)!, builder.Dims(node.Output));
        for (var i = 0; i < 2; i++)
        {
            if (builder.Wants(node.Input(i)))
            {
                builder.Give(node.Input(i),
                    builder.Reduced(builder.Emit("Mul", [error, node.Input(1 - i)]), dims, builder.Dims(node.Input(i)!)));
            }
        }

        return true;
    }
}
