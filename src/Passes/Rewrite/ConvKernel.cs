using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Rewrite;

/// <summary>
/// The kernel of a Conv (axes: output channels, input channels per group, height, width) or ConvTranspose (input channels, output
/// channels per group, height, width), read and written by output and input channel.
/// </summary>
public sealed class ConvKernel
{
    private readonly Func<float[]> _read;
    private readonly Lazy<float[]> _values;

    /// <summary>Wraps the elements of a kernel.</summary>
    public ConvKernel(float[] values, int outs, int ins, int groups, int height, int width, bool transposed)
        : this(() => values, outs, ins, groups, height, width, transposed)
    {
    }

    private ConvKernel(Func<float[]> read, int outs, int ins, int groups, int height, int width, bool transposed)
    {
        (_read, _values) = (read, new Lazy<float[]>(read));
        (Outs, Ins, Groups, Height, Width, Transposed) = (outs, ins, groups, height, width, transposed);
    }

    /// <summary>Output channels, all groups together.</summary>
    public int Outs { get; }

    /// <summary>Input channels, all groups together.</summary>
    public int Ins { get; }

    /// <summary>The group count.</summary>
    public int Groups { get; }

    /// <summary>The kernel's height.</summary>
    public int Height { get; }

    /// <summary>The kernel's width.</summary>
    public int Width { get; }

    /// <summary>True for a ConvTranspose.</summary>
    public bool Transposed { get; }

    /// <summary>The dimensions of the tensor.</summary>
    public long[] Dims => Transposed ? [Ins, Outs / Groups, Height, Width] : [Outs, Ins / Groups, Height, Width];

    /// <summary>The kernel of a conv; its elements are read when they are asked for.</summary>
    public static ConvKernel Of(Node conv)
    {
        var data = conv.Input(1)!.Initializer!;
        var groups = (int)conv.GetInt("group", 1);
        var (first, second) = ((int)data.Dims[0], (int)data.Dims[1] * groups);
        var transposed = conv.Is("ConvTranspose");
        return new ConvKernel(data.ToFloats, transposed ? second : first, transposed ? first : second, groups,
            (int)data.Dims[2], (int)data.Dims[3], transposed);
    }

    /// <summary>An all-zero kernel with the same window.</summary>
    public ConvKernel Like(int outs, int ins, int groups) => new(
        () => new float[(long)outs * (ins / groups) * Height * Width], outs, ins, groups, Height, Width,
        Transposed);

    /// <summary>The height×width window from an input to an output channel; empty when their groups differ.</summary>
    public Span<float> Window(int output, int input)
    {
        if (output / (Outs / Groups) != input / (Ins / Groups))
            return [];
        var row = Transposed
            ? input * (Outs / Groups) + output % (Outs / Groups) : output * (Ins / Groups) + input % (Ins / Groups);
        return _values.Value.AsSpan(row * Height * Width, Height * Width);
    }

    /// <summary>The kernel as a tensor.</summary>
    public TensorData ToTensor(ElementType element) => TensorData.OfFloating(element, _values.Value, Dims);

    /// <summary>The same kernel without what was read of it.</summary>
    internal ConvKernel Unread() => new(_read, Outs, Ins, Groups, Height, Width, Transposed);

    /// <summary>All elements in tensor order.</summary>
    public Span<float> Values => _values.Value;
}
