using MsSrConvert.Training.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace MsSrConvert.Training.Optimization;

/// <summary>How far two images are from each other, mean over all values.</summary>
public enum PixelLoss
{
    /// <summary>The absolute difference.</summary>
    L1,
    /// <summary>Smooth around zero: √(d² + ε²) with ε a thousandth of the range (Charbonnier et al., 1994).</summary>
    Charbonnier,
}

/// <summary>Computes losses.</summary>
internal static class PixelLosses
{
    private static readonly Scalar Softness = 1e-6.ToScalar();

    /// <summary>The loss as a share of the range from black to white, so that it means the same for all networks.</summary>
    public static Tensor Between(this PixelLoss loss, Tensor image, Tensor wanted, Scalar range)
    {
        using var scope = NewDisposeScope();
        var difference = (image - wanted) / range;
        var value = loss == PixelLoss.L1 ? difference.abs().mean() : (difference * difference).Plus(Softness).sqrt().mean();
        return value.MoveToOuterDisposeScope();
    }
}
