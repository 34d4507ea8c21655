using MsSrConvert.Training.Execution;
using MsSrConvert.Training.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace MsSrConvert.Training.Optimization;

/// <summary>
/// Adam (Kingma and Ba, 2015; β1 0.9, β2 0.999, ε 1e-8) on all weights as one vector, with the gradient's norm limited
/// beforehand.
/// </summary>
internal sealed class Adam : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private static readonly Scalar Keep1 = Beta1.ToScalar();
    private static readonly Scalar Take1 = (1 - Beta1).ToScalar();
    private static readonly Scalar Keep2 = Beta2.ToScalar();
    private static readonly Scalar Take2 = (1 - Beta2).ToScalar();
    private static readonly Scalar Epsilon = 1e-8.ToScalar();

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
        var norm = Scalars.Read(gradient.norm());
        if (!float.IsFinite(norm))
            return false;
        using var shrink = (clip > 0 && norm > clip ? clip / norm : 1).ToScalar();
        gradient.mul_(shrink);
        FirstMoment.mul_(Keep1).add_(gradient, Take1);
        SecondMoment.mul_(Keep2).addcmul_(gradient, gradient, Take2);
        using var spread = Math.Sqrt(1 - Math.Pow(Beta2, step)).ToScalar();
        using var stride = (-rate / (1 - Math.Pow(Beta1, step))).ToScalar();
        _weights.Vector.addcdiv_(FirstMoment, SecondMoment.sqrt().div_(spread).add_(Epsilon, Scalars.One), stride);
        return true;
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        FirstMoment.Dispose();
        SecondMoment.Dispose();
    }
}
