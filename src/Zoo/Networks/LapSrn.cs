using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>LapSRN (Lai et al., "Deep Laplacian Pyramid Networks for Fast and Accurate Super-Resolution", 2017).</summary>
public static class LapSrn
{
    /// <summary>
    /// Two levels, each with features enlarged by a transposed 4×4 convolution and a residual added to the image enlarged the
    /// same way; outputs at ×2 and ×4. The paper has 10 convolutions of 64 channels a level.
    /// </summary>
    public static Model Create(ulong seed, int convolutions = 3, int channels = 32)
    {
        var net = new NetBuilder("lapsrn", seed);
        var image = net.Input(1);
        var x = net.ConvLeaky(image, "conv_input", channels, 3);
        for (var level = 1; level <= 2; level++)
        {
            using var scope = net.Scope("level", level);
            for (var i = 0; i < convolutions; i++)
                x = net.ConvLeaky(x, FormattableString.Invariant($"embedding.{i}"), channels, 3);
            x = net.LeakyRelu(net.ConvTranspose(x, "features_up", channels, 4, 2, 1));
            var residual = net.Conv(x, "residual", 1, 3, gain: Blocks.ResidualGain);
            image = net.Add(net.ConvTranspose(image, "image_up", 1, 4, 2, 1, bias: false), residual);
            net.Output(image, 1 << level, name: FormattableString.Invariant($"output_x{1 << level}"));
        }

        return net.Model;
    }
}
