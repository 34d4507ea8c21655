using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Runtime;
using MsSrConvert.Training.Data;
using MsSrConvert.Training.Execution;
using MsSrConvert.Training.Losses;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;
using Tensor = MsSrConvert.Runtime.Tensor;

namespace MsSrConvert.Training.Engine;

/// <summary>Compares the network that is trained with ONNX Runtime, on patches of the training's own.</summary>
/// <param name="student">The network.</param>
/// <param name="form">How libtorch is run.</param>
/// <param name="device">Execution device.</param>
internal sealed class NetworkCheck(TrainingModel student, EngineForm form, Device device)
{
    // Deep networks add up what each layer rounds differently.
    private const double Tolerance = 5e-3;
    private const double GpuTolerance = 5e-2;

    /// <summary>Both must make the same image of a batch's first patch.</summary>
    /// <param name="weights">The weights to compute with.</param>
    /// <param name="batch">The batch.</param>
    /// <returns>The largest difference as a share of the image's range.</returns>
    /// <exception cref="EngineFault">They don't.</exception>
    public double Forward(FlatWeights weights, TrainingBatch batch)
    {
        var error = Difference(weights, batch);
        return IsRight(error) ? error : throw Fault(
            $"the network's image of a training patch differs from ONNX Runtime's by {error:0.###} of its range");
    }

    /// <summary>
    /// The same for weights that training has changed: where they have grown so large that two right engines round differently,
    /// what is computed must at least be the same each time, and right for weights that are known to be harmless.
    /// </summary>
    /// <exception cref="EngineFault">libtorch's numbers are wrong.</exception>
    public void Forward(FlatWeights weights, FlatWeights harmless, TrainingBatch batch)
    {
        if (IsRight(Difference(weights, batch)))
            return;
        Forward(harmless, batch);
        var input = FirstPatch(batch.Input);
        if (!InLibtorch(weights, input).Data.AsSpan().SequenceEqual(InLibtorch(weights, input).Data))
            throw Fault($"the network's image of a training patch, computed twice, is two images");
    }

    /// <summary>The same step, computed twice on the processor, must give the same gradient to the bit.</summary>
    /// <exception cref="EngineFault">It doesn't.</exception>
    public void Gradient(FlatWeights weights, Objective objective, TrainingBatch batch)
    {
        if (device.type == TorchSharp.DeviceType.CPU
            && !GradientOf(weights, objective, batch).AsSpan().SequenceEqual(GradientOf(weights, objective, batch)))
        {
            throw Fault($"the same training step, computed twice, gives two gradients");
        }
    }

    /// <summary>The gradient of a step; the weights stay as they are.</summary>
    public float[] GradientOf(FlatWeights weights, Objective objective, TrainingBatch batch)
    {
        weights.Gradient!.zero_();
        using var loss = objective.Of(student.Network, weights, batch);
        loss.backward();
        return FlatWeights.Numbers(weights.Gradient);
    }

    private EngineFault Fault(FormattableString found) => new(form, FormattableString.Invariant(found));

    private bool IsRight(double error) => error <= (device.type == TorchSharp.DeviceType.CPU ? Tolerance : GpuTolerance);

    private double Difference(FlatWeights weights, TrainingBatch batch)
    {
        var input = FirstPatch(batch.Input);
        return Difference(InLibtorch(weights, input), InOnnxRuntime(weights, input));
    }

    private Tensor InOnnxRuntime(FlatWeights weights, Tensor input)
    {
        FlatWeights.Store(student.Graph.Graph, student.Network.Trainable, weights.ToArray());
        using var session = OnnxSession.Open(OnnxFile.ToBytes(student.Graph), Path.GetFileName(student.Path));
        return session.Run(input, student.Output.Name);
    }

    private Tensor InLibtorch(FlatWeights weights, Tensor input)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var output = student.Network.Forward(weights, tensor(input.Data, input.Dims).to(device),
            student.Output)[0].cpu().contiguous();
        return new Tensor(output.data<float>().ToArray(), output.shape);
    }

    // A model that states its batch must be given it whole.
    private Tensor FirstPatch(Tensor whole)
    {
        var isFixed = student.Image.Session.Inputs[0].Shape is { Rank: > 0 } shape && shape[0].IsKnown && shape[0].Value != 1;
        return isFixed ? whole : new Tensor(whole.Data[..(whole.Data.Length / (int)whole.Dims[0])], [1, .. whole.Dims[1..]]);
    }

    // The largest difference as a share of the range, from the least to the largest value that is expected.
    private static double Difference(Tensor actual, Tensor expected)
    {
        var (most, low, high) = (0.0, double.PositiveInfinity, double.NegativeInfinity);
        for (var i = 0; i < expected.Data.Length; i++)
        {
            // What isn't finite in both is a fault of the network, not of an engine.
            if (!float.IsFinite(actual.Data[i]) && !float.IsFinite(expected.Data[i]))
                continue;
            var error = Math.Abs((double)actual.Data[i] - expected.Data[i]);
            // Math.Max lets what isn't a number through.
            most = Math.Max(most, error);
            (low, high) = (Math.Min(low, expected.Data[i]), Math.Max(high, expected.Data[i]));
        }

        return most == 0 ? 0 : most / (high - low);
    }
}
