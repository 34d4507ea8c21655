using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Method;
using MsSrConvert.Operators;

namespace MsSrConvert.Passes.Normalize.Support;

/// <summary>Reads and changes the constant kernel and bias of a Conv or ConvTranspose.</summary>
internal static class ConvWeights
{
    /// <summary>
    /// True for a Conv or ConvTranspose whose kernel, and bias where there is one, are constant floating-point.
    /// </summary>
    public static bool IsConstantConv(Node? node) =>
        node is not null && node.IsConv()
        && node.Input(1).Constant() is { Dims.Count: > 2 } kernel && kernel.Element.IsFloatingPoint()
        && (node.Input(2) is null || node.Input(2).Constant() is not null);

    /// <summary>
    /// The conv that alone computes <paramref name="value"/> for <paramref name="reader"/>, or null: what it computes must have
    /// no other reader.
    /// </summary>
    public static Node? SoleProducer(Value? value, Node reader) =>
        value is { IsGraphOutput: false, Uses.Count: 1, Producer: { } conv } && conv.Graph == reader.Graph
            && IsConstantConv(conv) ? conv : null;

    /// <summary>The number of output channels.</summary>
    public static long OutputChannels(Node conv)
    {
        var dims = conv.Input(1).Constant()!.Dims;
        return conv.OpType == "Conv" ? dims[0] : dims[1] * conv.IntOf("group");
    }

    /// <summary>The kernel with every output channel multiplied by its factor.</summary>
    public static TensorData ScaledKernel(Node conv, double[] factors)
    {
        var kernel = conv.Input(1).Constant()!;
        var values = TensorNumbers.ReadDoubles(kernel);
        var window = kernel.Dims.Skip(2).Aggregate(1L, (p, d) => p * d);
        var (rows, columns) = (kernel.Dims[0], kernel.Dims[1]);
        // [O, I/g, ...] for Conv; [I, O/g, ...] for ConvTranspose, whose input channels run through the groups in order.
        var perGroup = rows / conv.IntOf("group");
        for (long row = 0, at = 0; row < rows; row++)
        {
            for (var column = 0L; column < columns; column++)
            {
                var channel = conv.OpType == "Conv" ? row : ((row / perGroup) * columns) + column;
                for (var i = 0L; i < window; i++, at++)
                    values[at] *= factors[channel];
            }
        }

        return TensorNumbers.OfDoubles(kernel.Element, values, [.. kernel.Dims]);
    }

    /// <summary>The bias, zeros where the conv has none.</summary>
    public static double[] Bias(Node conv) => conv.Input(2).ConstantDoubles() ?? new double[OutputChannels(conv)];

    /// <summary>Gives the conv a bias: in place where the initializer is its own, else as a new one.</summary>
    public static void SetBias(Node conv, double[] bias, Emitter emit)
    {
        var data = TensorNumbers.OfDoubles(conv.Input(1).Constant()!.Element, bias, bias.Length);
        if (conv.Input(2) is { Uses.Count: 1, IsGraphOutput: false } own)
            conv.Graph!.SetInitializer(own, data);
        else
            conv.SetInput(2, emit.Initializer(conv, "bias", data));
    }
}
