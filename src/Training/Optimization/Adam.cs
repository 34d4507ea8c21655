using MsSrConvert.Training.Execution;
using static TorchSharp.torch;

namespace MsSrConvert.Training.Optimization;

/// <summary>
/// Adam (Kingma and Ba, 2015; β1 0.9, β2 0.999, ε 1e-8) on all weights as one vector, with the gradient's norm limited beforehand.
/// </summary>
internal sealed class Adam : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    private readonly FlatWeights _weights;

    /// <summary>Begins with no memory of earlier gradients.</summary>
    public Adam(FlatWeights weights)
    {
        _weights = weights;
        FirstMoment = zeros_like(weights.Vector).DetachFromDisposeScope();
        SecondMoment = zeros_like(weights.Vector).DetachFromDisposeScope();
    }

    /// <summary>The running mean of the gradients.</summary>
    public Tensor FirstMoment { get; }

    /// <summary>The running mean of their squares.</summary>
    public Tensor SecondMoment { get; }

    /// <summary>Changes the weights along their gradient.</summary>
    /// <param name="step">The step's number, from 1.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="clip">The largest norm of the gradient; 0 for no limit.</param>
    /// <returns>False when the gradient holds values that aren't finite; nothing is changed then.</returns>
    public bool Step(long step, double rate, double clip)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var gradient = _weights.Gradient!;
        var norm = gradient.norm().item<float>();
        if (!float.IsFinite(norm))
            return false;
        if (clip > 0 && norm > clip)
            gradient.mul_(clip / norm);
        FirstMoment.mul_(Beta1).add_(gradient, 1 - Beta1);
        SecondMoment.mul_(Beta2).addcmul_(gradient, gradient, 1 - Beta2);
        var (scale1, scale2) = (1 - Math.Pow(Beta1, step), 1 - Math.Pow(Beta2, step));
        var size = SecondMoment.sqrt().div_(Math.Sqrt(scale2)).add_(Epsilon);
        _weights.Vector.addcdiv_(FirstMoment, size, -rate / scale1);
        return true;
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        FirstMoment.Dispose();
        SecondMoment.Dispose();
    }
}
