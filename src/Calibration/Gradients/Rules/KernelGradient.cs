using MsSrConvert.GraphIR;
using MsSrConvert.Operators;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>How the error behind a Conv or ConvTranspose of one group changes with its kernel.</summary>
internal static class KernelGradient
{
    // Above this size of window the unfolded input is too large to be worth it.
    private const int LargestWindow = 25;

    /// <summary>Emits the gradient, of the kernel's shape.</summary>
    public static Value Emit(Node node, ConvWindow window, GradientBuilder builder)
    {
        var input = builder.Dims(node.Input(0)!);
        return !window.Transposed && window.Strides is [1, 1] && input[0] == 1 && window.Height * window.Width <= LargestWindow
            ? Product(node, window, builder)
            : Correlation(node, window, builder);
    }

    // The error (O, H·W) times the unfolded input (k·k·I, H·W), the runtime's fastest product; unfolded once for all that read
    // it.
    private static Value Product(Node node, ConvWindow window, GradientBuilder builder)
    {
        var (input, output) = (builder.Dims(node.Input(0)!), builder.Dims(node.Output));
        var unfolded = builder.Once(node.Input(0)!,
            $"unfolded {window.Height}x{window.Width} {string.Join(',', window.Pads)} {string.Join(',', window.Dilations)}",
            () => Unfolded(node.Input(0)!, window, output, builder));
        var error = builder.Emit("Reshape", [builder.Of(node.Output), builder.Integers(output[1], output[2] * output[3])]);
        var sums = builder.Emit("Gemm", [error, unfolded], n => n.With("transB", 1));
        var split = builder.Emit("Reshape", [sums, builder.Integers(output[1], window.Height, window.Width, input[1])]);
        return builder.Emit("Transpose", [split], n => n.With("perm", [0, 3, 1, 2]));
    }

    private static Value Unfolded(Value input, ConvWindow window, long[] output, GradientBuilder builder)
    {
        var padded = Array.TrueForAll(window.Pads, p => p == 0) ? input
            : builder.Emit("Pad",
                [input, builder.Integers(0, 0, window.Pads[0], window.Pads[1], 0, 0, window.Pads[2], window.Pads[3])]);
        var seen = new List<Value>();
        for (var k = 0; k < window.Height * window.Width; k++)
        {
            long top = k / window.Width * window.Dilations[0], left = k % window.Width * window.Dilations[1];
            seen.Add(builder.Emit("Slice",
                [
                    padded, builder.Integers(top, left), builder.Integers(top + output[2], left + output[3]),
                    builder.Integers(2, 3)
                ]));
        }

        var all = seen.Count == 1 ? seen[0] : builder.Emit("Concat", seen, n => n.With("axis", 1));
        return builder.Emit("Reshape", [all, builder.Integers(-1, output[2] * output[3])]);
    }

    // A Conv of what is read by the error, with batch and channels exchanged, and strides and dilations too.
    private static Value Correlation(Node node, ConvWindow window, GradientBuilder builder)
    {
        Value Exchanged(Value value) => builder.Emit("Transpose", [value], n => n.With("perm", [1, 0, 2, 3]));
        var (read, error) = (Exchanged(node.Input(0)!), Exchanged(builder.Of(node.Output)!));
        var (wide, kernel) = window.Transposed ? (error, read) : (read, error);
        var sums = builder.Emit("Conv", [wide, kernel], n => n.With("pads", [.. window.Pads.Select(p => (long)p)])
            .With("strides", [.. window.Dilations.Select(d => (long)d)]).With("dilations",
                [.. window.Strides.Select(s => (long)s)]));
        var cut = builder.Emit("Slice",
            [sums, builder.Integers(0, 0), builder.Integers(window.Height, window.Width), builder.Integers(2, 3)]);
        return Exchanged(cut);
    }
}
