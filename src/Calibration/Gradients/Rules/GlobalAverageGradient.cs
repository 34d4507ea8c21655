using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>A mean over all pixels shares the gradient out evenly.</summary>
internal sealed class GlobalAverageGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["GlobalAveragePool", "ReduceMean"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        var (input, output) = (builder.Dims(node.Input(0)!), builder.Dims(node.Output));
        if (output.Length != 4 || output[1] != input[1] || output[2] != 1 || output[3] != 1)
            return false;
        var share = builder.Emit("Mul", [builder.Of(node.Output), builder.Number(1f / (input[2] * input[3]))]);
        builder.Give(node.Input(0), builder.Emit("Expand", [share, builder.Integers(input)]));
        return true;
    }
}
