using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>Where gives the gradient to the side that was chosen.</summary>
internal sealed class WhereGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["Where"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        var (chosen, error, dims) = (node.Input(0), builder.Of(node.Output), builder.Dims(node.Output));
        if (builder.Wants(node.Input(1)))
        {
            builder.Give(node.Input(1),
                builder.Reduced(builder.Emit("Where", [chosen, error, builder.Number(0)]), dims, builder.Dims(node.Input(1)!)));
        }

        if (builder.Wants(node.Input(2)))
        {
            builder.Give(node.Input(2),
                builder.Reduced(builder.Emit("Where", [chosen, builder.Number(0), error]), dims, builder.Dims(node.Input(2)!)));
        }

        return true;
    }
}
