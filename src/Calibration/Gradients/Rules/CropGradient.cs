using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>Slice by constants with steps of 1: zeros stand around the gradient of what was cut out.</summary>
internal sealed class CropGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["Slice"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        var (input, output) = (builder.Dims(node.Input(0)!), builder.Dims(node.Output));
        if (node.Input(4) is { } steps && steps.Initializer?.ToInt64s().Any(s => s != 1) != false)
            return false;
        if (input.SequenceEqual(output))
        {
            builder.Give(node.Input(0), builder.Of(node.Output)!);
            return true;
        }

        if (node.Input(1)?.Initializer?.ToInt64s() is not { } starts)
            return false;
        var axes = node.Input(3) is null
            ? [.. Enumerable.Range(0, starts.Length).Select(a => (long)a)] : node.Input(3)!.Initializer?.ToInt64s();
        if (axes is null)
            return false;
        var pads = new long[2 * input.Length];
        for (var k = 0; k < axes.Length; k++)
        {
            var axis = (int)(axes[k] < 0 ? axes[k] + input.Length : axes[k]);
            pads[axis] = Math.Clamp(starts[k] < 0 ? starts[k] + input[axis] : starts[k], 0, input[axis]);
        }

        for (var axis = 0; axis < input.Length; axis++)
            pads[input.Length + axis] = input[axis] - output[axis] - pads[axis];
        builder.Give(node.Input(0), builder.Emit("Pad", [builder.Of(node.Output), builder.Integers(pads)]));
        return true;
    }
}
