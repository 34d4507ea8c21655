using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo;

/// <content>Layers with weights, and pooling.</content>
public sealed partial class NetBuilder
{
    private const double BiasBound = 0.05;

    /// <summary>A convolution with Kaiming-normal weights (<c>gain * sqrt(2 / fan-in)</c>) and a small random bias.</summary>
    /// <param name="x">(N,C,H,W).</param>
    /// <param name="layer">The layer's name.</param>
    /// <param name="channels">Output channels.</param>
    /// <param name="kernel">Kernel size in pixels.</param>
    /// <param name="stride">Stride; 1 where absent.</param>
    /// <param name="padding">Zeros added on each side; where absent, as many as keep the size at stride 1.</param>
    /// <param name="dilation">Distance of the kernel's taps.</param>
    /// <param name="groups">Groups of channels.</param>
    /// <param name="bias">False to leave the bias out.</param>
    /// <param name="gain">Factor on the weights; below 1 for the last layer of a residual branch.</param>
    public Value Conv(Value x, string layer, int channels, Extent kernel, Extent? stride = null, Extent? padding = null,
        Extent? dilation = null, int groups = 1, bool bias = true, double gain = 1)
    {
        var fanIn = Channels(x) / groups * kernel.Height * kernel.Width;
        var weight = NormalParameter(layer + ".weight", gain * Math.Sqrt(2.0 / fanIn),
            channels, Channels(x) / groups, kernel.Height, kernel.Width);
        var b = bias ? UniformParameter(layer + ".bias", -BiasBound, BiasBound, channels) : null;
        return ConvWith(x, layer, weight, b, channels, kernel, stride, padding, dilation, groups);
    }

    /// <summary>A convolution over weights that exist already; see <see cref="Conv"/>.</summary>
    public Value ConvWith(Value x, string layer, Value weight, Value? bias, int channels, Extent kernel, Extent? stride = null,
        Extent? padding = null, Extent? dilation = null, int groups = 1)
    {
        var d = dilation ?? 1;
        var s = stride ?? 1;
        var p = padding ?? (d.Height * (kernel.Height - 1) / 2, d.Width * (kernel.Width - 1) / 2);
        IEnumerable<Value?> inputs = bias is null ? [x, weight] : [x, weight, bias];
        return EmitLayer(layer, "Conv", channels, inputs)
            .With("dilations", [d.Height, d.Width])
            .With("group", groups)
            .With("kernel_shape", [kernel.Height, kernel.Width])
            .With("pads", [p.Height, p.Width, p.Height, p.Width])
            .With("strides", [s.Height, s.Width]).Output;
    }

    /// <summary>
    /// A transposed convolution; sides become <c>(side - 1) * stride - 2 * padding + kernel + outputPadding</c>.
    /// </summary>
    public Value ConvTranspose(Value x, string layer, int channels, Extent kernel, Extent stride, Extent padding,
        Extent outputPadding = default, int groups = 1, bool bias = true)
    {
        // Each output pixel is reached by about kernel/stride taps per side.
        var fanIn = Math.Max(1.0, (double)Channels(x) / groups * kernel.Height * kernel.Width / (stride.Height * stride.Width));
        var weight = NormalParameter(layer + ".weight", Math.Sqrt(2.0 / fanIn),
            Channels(x), channels / groups, kernel.Height, kernel.Width);
        var b = bias ? UniformParameter(layer + ".bias", -BiasBound, BiasBound, channels) : null;
        IEnumerable<Value?> inputs = b is null ? [x, weight] : [x, weight, b];
        var node = EmitLayer(layer, "ConvTranspose", channels, inputs)
            .With("dilations", [1, 1])
            .With("group", groups)
            .With("kernel_shape", [kernel.Height, kernel.Width])
            .With("pads", [padding.Height, padding.Width, padding.Height, padding.Width])
            .With("strides", [stride.Height, stride.Width]);
        if (outputPadding != default)
            node.With("output_padding", [outputPadding.Height, outputPadding.Width]);
        return node.Output;
    }

    /// <summary>Batch normalisation over running statistics, all of them random and sane.</summary>
    public Value BatchNorm(Value x, string layer)
    {
        var c = Channels(x);
        var node = EmitLayer(layer, "BatchNormalization", c, x,
            UniformParameter(layer + ".weight", 0.8, 1.2, c),
            UniformParameter(layer + ".bias", -BiasBound, BiasBound, c),
            UniformParameter(layer + ".running_mean", -0.1, 0.1, c),
            UniformParameter(layer + ".running_var", 0.8, 1.2, c));
        return node.With("epsilon", 1e-5f).With("momentum", 0.9f).Output;
    }

    /// <summary>Instance normalisation with learnt scale and shift.</summary>
    public Value InstanceNorm(Value x, string layer)
    {
        var c = Channels(x);
        return EmitLayer(layer, "InstanceNormalization", c, x,
            UniformParameter(layer + ".weight", 0.8, 1.2, c),
            UniformParameter(layer + ".bias", -BiasBound, BiasBound, c)).With("epsilon", 1e-5f).Output;
    }

    /// <summary>PReLU with slopes of the given shape, <c>[C,1,1]</c> where none is given.</summary>
    public Value PRelu(Value x, string layer, params IReadOnlyList<long> slopeDims)
    {
        var slope = UniformParameter(layer + ".weight", 0.1, 0.4, slopeDims.Count > 0 ? slopeDims : [Channels(x), 1, 1]);
        return EmitLayer(layer, "PRelu", Channels(x), x, slope).Output;
    }

    /// <summary>Max pooling.</summary>
    public Value MaxPool(Value x, int kernel, int stride, int padding = 0) => Pool("MaxPool", x, kernel, stride, padding);

    /// <summary>Average pooling.</summary>
    public Value AveragePool(Value x, int kernel, int stride, int padding = 0) => Pool("AveragePool", x, kernel, stride, padding);

    /// <summary>The mean of each channel, (N,C,1,1).</summary>
    public Value GlobalAveragePool(Value x) => Unary("GlobalAveragePool", x);

    private Value Pool(string op, Value x, int kernel, int stride, int padding) => Emit(op, Channels(x), x)
        .With("kernel_shape", [kernel, kernel])
        .With("pads", [padding, padding, padding, padding])
        .With("strides", [stride, stride]).Output;
}
