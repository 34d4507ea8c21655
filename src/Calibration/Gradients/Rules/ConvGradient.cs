using MsSrConvert.Calibration.Features;
using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>Conv's gradient is a ConvTranspose with the same kernel, and the other way round.</summary>
internal sealed class ConvGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["Conv", "ConvTranspose"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        if (node.Input(1)?.Initializer is null)
            return false;
        var (input, output) = (builder.Dims(node.Input(0)!), builder.Dims(node.Output));
        var window = ConvWindow.Of(node);
        var toConv = window.Transposed;
        builder.Give(node.Input(0), builder.Emit(toConv ? "Conv" : "ConvTranspose", [builder.Of(node.Output), node.Input(1)], copy =>
        {
            copy.With("pads", [.. window.Pads.Select(p => (long)p)]).With("strides", [.. window.Strides.Select(s => (long)s)])
                .With("dilations", [.. window.Dilations.Select(d => (long)d)]).With("group", node.GetInt("group", 1));
            if (!toConv)
                copy.With("output_padding", [Rest(window, 0, input[2], output[2]), Rest(window, 1, input[3], output[3])]);
        }));
        return true;
    }

    // Rows that a stride leaves over at the end of the input.
    private static long Rest(ConvWindow window, int axis, long input, long output)
    {
        var kernel = axis == 0 ? window.Height : window.Width;
        var span = window.Dilations[axis] * (kernel - 1) + 1;
        return input - ((output - 1) * window.Strides[axis] + span - window.Pads[axis] - window.Pads[axis + 2]);
    }
}
