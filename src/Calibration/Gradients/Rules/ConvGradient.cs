using MsSrConvert.GraphIR;
using MsSrConvert.Operators;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>
/// Conv's gradient is a ConvTranspose with the same kernel, and the other way round; that of its kernel is
/// <see cref="KernelGradient"/>.
/// </summary>
internal sealed class ConvGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["Conv", "ConvTranspose"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        if (node.Input(1)?.Initializer is null || node.GetString("auto_pad", "NOTSET") is not ("NOTSET" or "VALID"))
            return false;
        var window = ConvWindow.Of(node);
        if (builder.Wants(node.Input(0)))
            builder.Give(node.Input(0), MayTurn(node, window) ? Turned(node, window, builder) : Exchanged(node, window, builder));
        if (builder.Wants(node.Input(1)) && node.GetInt("group", 1) == 1)
            builder.Give(node.Input(1), KernelGradient.Emit(node, window, builder));
        if (builder.Wants(node.Input(2)))
        {
            builder.Give(node.Input(2),
                builder.Emit("ReduceSum", [builder.Of(node.Output), builder.Integers(0, 2, 3)], n => n.With("keepdims", 0)));
        }

        return true;
    }

    private static bool MayTurn(Node node, ConvWindow window) =>
        !window.Transposed && node.GetInt("group", 1) == 1 && window.Strides is [1, 1]
        && window.Pads is [var top, var left, var bottom, var right]
        && Math.Max(top, bottom) <= Span(window, 0) && Math.Max(left, right) <= Span(window, 1);

    private static int Span(ConvWindow window, int axis) =>
        window.Dilations[axis] * ((axis == 0 ? window.Height : window.Width) - 1);

    // Without strides the ConvTranspose is a Conv with the kernel turned round, for which runtimes have their fastest code.
    private static Value Turned(Node node, ConvWindow window, GradientBuilder builder)
    {
        var kernel = builder.Once(node.Input(1)!, "turned", () => builder.Tensor(Turn(node.Input(1)!.Initializer!)));
        long[] pads = [.. window.Pads.Select((p, i) => (long)(Span(window, i % 2) - p))];
        return builder.Emit("Conv", [builder.Of(node.Output), kernel],
            n => n.With("pads", pads).With("dilations", Longs(window.Dilations)));
    }

    private static TensorData Turn(TensorData kernel)
    {
        var (outs, ins, window) = ((int)kernel.Dims[0], (int)kernel.Dims[1], (int)(kernel.Dims[2] * kernel.Dims[3]));
        var (values, result) = (kernel.ToFloats(), new float[kernel.Count]);
        for (var o = 0; o < outs; o++)
        {
            for (var i = 0; i < ins; i++)
            {
                for (var k = 0; k < window; k++)
                    result[(i * outs + o) * window + window - 1 - k] = values[(o * ins + i) * window + k];
            }
        }

        return TensorData.OfFloating(kernel.Element, result, ins, outs, kernel.Dims[2], kernel.Dims[3]);
    }

    private static Value Exchanged(Node node, ConvWindow window, GradientBuilder builder)
    {
        var (input, output) = (builder.Dims(node.Input(0)!), builder.Dims(node.Output));
        return builder.Emit(window.Transposed ? "Conv" : "ConvTranspose", [builder.Of(node.Output), node.Input(1)], copy =>
        {
            copy.With("pads", Longs(window.Pads)).With("strides", Longs(window.Strides))
                .With("dilations", Longs(window.Dilations)).With("group", node.GetInt("group", 1));
            if (!window.Transposed)
                copy.With("output_padding", [Rest(window, 0, input[2], output[2]), Rest(window, 1, input[3], output[3])]);
        });
    }

    private static long[] Longs(int[] values) => [.. values.Select(v => (long)v)];

    // Rows that a stride leaves over at the end of the input.
    private static long Rest(ConvWindow window, int axis, long input, long output)
    {
        var kernel = axis == 0 ? window.Height : window.Width;
        var span = window.Dilations[axis] * (kernel - 1) + 1;
        return input - ((output - 1) * window.Strides[axis] + span - window.Pads[axis] - window.Pads[axis + 2]);
    }
}
