using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>Pad by constants: the gradient is cut back.</summary>
internal sealed class PadGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["Pad"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        var input = builder.Dims(node.Input(0)!);
        if (node.GetString("mode", "constant") != "constant" || node.Input(1)?.Initializer?.ToInt64s() is not { } pads
            || node.Input(3) is not null)
        {
            return false;
        }

        long[] ends = [.. input.Select((size, axis) => pads[axis] + size)];
        long[] axes = [.. Enumerable.Range(0, input.Length).Select(a => (long)a)];
        var starts = pads[..input.Length];
        if (Array.Exists(pads, p => p < 0))
            return false;
        builder.Give(node.Input(0), builder.Emit("Slice",
            [builder.Of(node.Output), builder.Integers(starts), builder.Integers(ends), builder.Integers(axes)]));
        return true;
    }
}
