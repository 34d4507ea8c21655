using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Runtime;

namespace MsSrConvert.Imaging.Verification;

/// <summary>Measures how far apart two forms of a network are: both are run on the same synthetic image.</summary>
public static class OutputDifference
{
    private static readonly int[] Sides = [64, 96, 192];

    // What networks take a image's brightest value for. On numbers of another range than its own a network's rounding weighs
    // more.
    private static readonly float[] Whites = [1, 255];

    /// <summary>
    /// The largest difference of any output element, as a share of that output's range in the reference; on the range of inputs,
    /// 0 to 1 or 0 to 255, where the share is less.
    /// </summary>
    /// <param name="reference">The bytes of the model as it was.</param>
    /// <param name="model">The bytes of the rewritten model; its inputs and outputs have the same names.</param>
    /// <param name="name">How messages call the rewritten model.</param>
    /// <exception cref="MsSrException">A model doesn't load (MSSR5001) or runs at no size tried (MSSR5002).</exception>
    public static double Largest(byte[] reference, byte[] model, string name)
    {
        using var before = OnnxSession.Open(reference, name);
        using var after = OnnxSession.Open(model, name);
        foreach (var side in Sides[..^1])
        {
            try
            {
                return At(before, after, side);
            }
            catch (MsSrException e) when (e.Diagnostic.Id == "MSSR5002")
            {
                // Networks that pool over wide windows refuse small images.
            }
        }

        return At(before, after, Sides[^1]);
    }

    /// <summary>The same for two tensors; infinite where the dimensions differ.</summary>
    public static double Relative(Tensor reference, Tensor actual)
    {
        var range = (double)reference.Data.Max() - reference.Data.Min();
        var difference = reference.MaxDifference(actual);
        return difference == 0 ? 0 : difference / range;
    }

    private static double At(OnnxSession before, OnnxSession after, int side)
    {
        return Whites.Min(white =>
        {
            var inputs = before.Inputs.ToDictionary(i => i.Name, i => Image(i, side, white));
            var expected = before.Run(inputs);
            var actual = after.Run(inputs);
            return expected.Max(o => Relative(o.Value, actual[o.Key]));
        });
    }

    // Noise would do for the rewrites, but restoration networks magnify it, and its rounding with it.
    private static Tensor Image(TensorInfo input, int side, float white)
    {
        var tensor = RandomInput.For(input, side, side, seed: 5, low: input.Shape.Rank < 3 ? 1 : 0,
            high: input.Shape.Rank < 3 ? 1 : white);
        if (input.Shape.Rank != 4)
            return tensor;
        var last = RandomInput.IsChannelsLast(input.Shape);
        var (channels, height, width) = last
            ? ((int)tensor.Dims[3], (int)tensor.Dims[1], (int)tensor.Dims[2])
            : ((int)tensor.Dims[1], (int)tensor.Dims[2], (int)tensor.Dims[3]);
        var scene = TestScene.Draw(width, height);
        for (var i = 0; i < tensor.Data.Length; i++)
        {
            var (channel, pixel) = last ? (i % channels, i / channels) : (i / (height * width) % channels, i);
            tensor.Data[i] = scene[channel % scene.Channels][pixel % (height * width)] * white / 255;
        }

        return tensor;
    }
}
