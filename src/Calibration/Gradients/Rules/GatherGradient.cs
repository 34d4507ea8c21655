using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>
/// Channels picked in another order: a 1×1 conv of zeros and ones takes the gradients back, those of a channel picked twice
/// added.
/// </summary>
internal sealed class GatherGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["Gather"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        if (node.GetInt("axis", 0) != 1 || node.Input(1)?.Initializer?.ToInt64s() is not { } picked
            || builder.Dims(node.Input(0)!) is not { Length: 4 } input)
        {
            return false;
        }

        var places = new float[input[1] * picked.Length];
        for (var k = 0; k < picked.Length; k++)
            places[(picked[k] < 0 ? picked[k] + input[1] : picked[k]) * picked.Length + k] = 1;
        var kernel = builder.Tensor(TensorData.Of(places, input[1], picked.Length, 1, 1));
        builder.Give(node.Input(0), builder.Emit("Conv", [builder.Of(node.Output), kernel]));
        return true;
    }
}
