using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>Mul, and Div by something that isn't solved for.</summary>
internal sealed class ProductGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["Mul", "Div"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        if (node.Is("Div") && builder.Wants(node.Input(1)))
            return false;
        var (error, dims) = (builder.Of(node.Output)!, builder.Dims(node.Output));
        for (var i = 0; i < 2; i++)
        {
            if (builder.Wants(node.Input(i)))
                builder.Give(node.Input(i), builder.Reduced(builder.Emit(node.OpType, [error, node.Input(1 - i)]), dims, builder.Dims(node.Input(i)!)));
        }

        return true;
    }
}
