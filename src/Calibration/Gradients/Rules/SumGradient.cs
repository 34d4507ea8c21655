using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>Add and Sub hand the gradient on, with its sign.</summary>
internal sealed class SumGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["Add", "Sub", "Sum"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        var (error, dims) = (builder.Of(node.Output)!, builder.Dims(node.Output));
        for (var i = 0; i < node.Inputs.Count; i++)
        {
            if (!builder.Wants(node.Input(i)))
                continue;
            var own = node.Is("Sub") && i == 1 ? builder.Emit("Neg", [error]) : error;
            builder.Give(node.Input(i), builder.Reduced(own, dims, builder.Dims(node.Input(i)!)));
        }

        return true;
    }
}
