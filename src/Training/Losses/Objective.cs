using MsSrConvert.GraphIR;
using MsSrConvert.Training.Data;
using MsSrConvert.Training.Execution;
using MsSrConvert.Training.Optimization;
using MsSrConvert.Training.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace MsSrConvert.Training.Losses;

/// <summary>A network that shows how it ought to be done.</summary>
/// <param name="Network">The network.</param>
/// <param name="Weights">Its weights, which stay as they are.</param>
/// <param name="Output">Its image.</param>
/// <param name="Features">The outputs of convs that the student replaced by fusion layers.</param>
internal sealed record Teacher(TorchNetwork Network, FlatWeights Weights, Value Output, IReadOnlyList<Value> Features);

/// <summary>
/// What training makes small: the distance to the true image, to a teacher's image, and to the teacher's features where fusion
/// layers give the full ones again.
/// </summary>
/// <param name="output">The image of the network that is trained.</param>
/// <param name="features">Its values that stand for the teacher's features, in the same order.</param>
/// <param name="teacher">The teacher, or null.</param>
/// <param name="range">The distance from black to white in the network's numbers.</param>
/// <param name="options">The loss and its parts' weights.</param>
/// <param name="device">Execution device.</param>
internal sealed class Objective(Value output, IReadOnlyList<Value> features, Teacher? teacher, double range,
    TrainingOptions options, Device device)
{
    private static readonly Scalar LeastSpread = 1e-6.ToScalar();

    private readonly Scalar _range = range.ToScalar();
    private readonly Scalar _taught = options.Distill.ToScalar();
    private readonly Scalar _true = (1 - options.Distill).ToScalar();
    private readonly Scalar _perFeature = (options.DistillFeatures / Math.Max(1, features.Count)).ToScalar();

    /// <summary>The loss of a batch, with gradients.</summary>
    /// <exception cref="MsSrException">The network's output has another shape than the true images (MSSR5602).</exception>
    public Tensor Of(TorchNetwork network, FlatWeights weights, TrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        var input = tensor(batch.Input.Data, batch.Input.Dims).to(device);
        var target = tensor(batch.Target.Data, batch.Target.Dims).to(device);
        var values = network.Forward(weights, input, [output, .. features]);
        if (!values[0].shape.SequenceEqual(target.shape))
        {
            throw new MsSrException(new Diagnostic("MSSR5602", Severity.Error,
                $"the network gives [{string.Join(", ", values[0].shape)}] where the true images are [{string.Join(", ", target.shape)}].", output.Name,
                "A network made for one image at a time is trained with --batch 1."));
        }

        if (teacher is null)
            return options.Loss.Between(values[0], target, _range).MoveToOuterDisposeScope();
        var shown = Show(input);
        var loss = options.Loss.Between(values[0], shown[0], _range) * _taught;
        if (options.Distill < 1)
            loss = loss.Plus(options.Loss.Between(values[0], target, _range) * _true);
        for (var i = 1; i < values.Length; i++)
            loss = loss.Plus((values[i] - shown[i]).abs().mean() / shown[i].std().Plus(LeastSpread) * _perFeature);
        return loss.MoveToOuterDisposeScope();
    }

    private Tensor[] Show(Tensor input)
    {
        using var noGradients = no_grad();
        return teacher!.Network.Forward(teacher.Weights, input, [teacher.Output, .. teacher.Features]);
    }
}
