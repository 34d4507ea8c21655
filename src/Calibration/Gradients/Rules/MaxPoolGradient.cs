using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>
/// A maximum over blocks that don't overlap gives the gradient to the largest pixel (to all of them where several are).
/// </summary>
internal sealed class MaxPoolGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["MaxPool"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        var (input, output) = (builder.Dims(node.Input(0)!), builder.Dims(node.Output));
        var kernel = node.GetInts("kernel_shape");
        if (kernel is null || input[2] != output[2] * kernel[0] || input[3] != output[3] * kernel[1]
            || node.GetInts("strides") is not { } strides || !strides.SequenceEqual(kernel))
        {
            return false;
        }

        var largest = builder.Emit("Equal",
            [node.Input(0), NearestResizeGradient.Repeat(builder, node.Output, kernel[0], kernel[1])]);
        var error = NearestResizeGradient.Repeat(builder, builder.Of(node.Output)!, kernel[0], kernel[1]);
        builder.Give(node.Input(0), builder.Emit("Where", [largest, error, builder.Number(0)]));
        return true;
    }
}
