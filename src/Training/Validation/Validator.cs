using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Imaging.Metrics;
using MsSrConvert.Training.Data;
using MsSrConvert.Training.Execution;
using static TorchSharp.torch;

namespace MsSrConvert.Training.Validation;

/// <summary>
/// Measures weights on images that aren't trained on, as <c>eval</c> does: PSNR of the 8-bit result, on luma without a border as
/// wide as the scale, or on all channels where noise is taken out. Large images are cut down to their middle.
/// </summary>
internal sealed class Validator : IDisposable
{
    private readonly ImageContract _contract;
    private readonly GraphIR.Value _output;
    private readonly IReadOnlyList<(Tensor Input, Planes Truth)> _images;
    private readonly int _border;

    /// <summary>Prepares the images.</summary>
    /// <param name="pictures">The images.</param>
    /// <param name="contract">How the network wants them.</param>
    /// <param name="output">The network's image.</param>
    /// <param name="sides">Height and width of what is cut out of an image, in pixels of the network's input.</param>
    /// <param name="noise">The noise level that is added, or null.</param>
    /// <param name="seed">Chooses the noise.</param>
    /// <param name="device">Execution device.</param>
    public Validator(TrainingImages pictures, ImageContract contract, GraphIR.Value output,
        Func<ByteImage, (int Height, int Width)> sides, double? noise, ulong seed, Device device)
    {
        (_contract, _output) = (contract, output);
        _border = contract.Factor == 1 ? 0 : contract.Factor;
        _images = [.. Enumerable.Range(0, pictures.Count).Select(i =>
        {
            var sampler = new PatchSampler(pictures, contract, sides(pictures[i].Low), 1, seed,
                noise is { } sigma ? [sigma] : []);
            var (low, high) = sampler.Middle(i);
            using var scope = NewDisposeScope();
            var input = NetworkInput.Of(low, contract);
            var truth = NetworkInput.Measured(NetworkInput.Image(NetworkInput.Wanted(high, contract), contract), contract,
                asBytes: false);
            return (tensor(input.Data, input.Dims).to(device).DetachFromDisposeScope(), truth.CropBorder(_border));
        })];
    }

    /// <summary>The mean PSNR in dB.</summary>
    public double Psnr(TorchNetwork network, FlatWeights weights)
    {
        using var noGradients = no_grad();
        return _images.Average(picture =>
        {
            using var scope = NewDisposeScope();
            var result = network.Forward(weights, picture.Input, _output)[0].cpu().contiguous();
            var image = NetworkInput.Image(new Runtime.Tensor(result.data<float>().ToArray(), result.shape), _contract);
            return ImageQuality.Psnr(NetworkInput.Measured(image, _contract, asBytes: true).CropBorder(_border), picture.Truth);
        });
    }

    /// <summary>Frees the images.</summary>
    public void Dispose()
    {
        foreach (var (input, _) in _images)
            input.Dispose();
    }
}
