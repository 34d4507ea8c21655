using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>An average over blocks that don't overlap shares the gradient out evenly.</summary>
internal sealed class AveragePoolGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["AveragePool"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        var (input, output) = (builder.Dims(node.Input(0)!), builder.Dims(node.Output));
        var kernel = node.GetInts("kernel_shape");
        if (kernel is null || input[2] != output[2] * kernel[0] || input[3] != output[3] * kernel[1]
            || node.GetInts("strides") is not { } strides || !strides.SequenceEqual(kernel))
        {
            return false;
        }

        var share = builder.Emit("Mul", [builder.Of(node.Output), builder.Number(1f / (kernel[0] * kernel[1]))]);
        builder.Give(node.Input(0), NearestResizeGradient.Repeat(builder, share, kernel[0], kernel[1]));
        return true;
    }
}
