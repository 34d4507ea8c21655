using MsSrConvert.GraphIR;
using MsSrConvert.Operators;
using MsSrConvert.Training.Data;
using MsSrConvert.Training.Execution;
using MsSrConvert.Training.Losses;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace MsSrConvert.Training.Engine;

/// <summary>
/// Finds out why a step's loss or gradient isn't a number: a wrong engine, a network that is broken, or a training that diverges.
/// </summary>
/// <param name="student">The network.</param>
/// <param name="check">Compares the network with ONNX Runtime.</param>
/// <param name="form">How libtorch is run.</param>
/// <param name="device">Execution device.</param>
internal sealed class LossDiagnosis(TrainingModel student, NetworkCheck check, EngineForm form, Device device)
{
    /// <summary>Returns where the training has diverged by itself.</summary>
    /// <param name="objective">What is made small.</param>
    /// <param name="weights">The weights before the step, which is the last one that counts.</param>
    /// <param name="step">How many steps were done.</param>
    /// <param name="batch">The step's batch.</param>
    /// <exception cref="EngineFault">libtorch computes wrong numbers.</exception>
    /// <exception cref="MsSrException">Network or images give no number before anything is trained (MSSR5607).</exception>
    public void Explain(Objective objective, FlatWeights weights, long step, TrainingBatch batch)
    {
        check.Gradient(weights, objective, batch);
        // Gradients may be so large that only their norm isn't a number any more.
        if (check.GradientOf(weights, objective, batch).Sum(g => (double)g * g) < float.MaxValue)
            throw new EngineFault(form, $"step {step + 1} gives numbers only when it is computed again");
        if (step == 0)
        {
            throw new MsSrException(
                new Diagnostic("MSSR5607", Severity.Error,
                    $"the loss isn't a number before anything is trained: {Origin(weights, batch)}.",
                student.Path, "The model itself has to be mended; a smaller learning rate doesn't help."));
        }
    }

    private string Origin(FlatWeights weights, TrainingBatch batch)
    {
        if (!batch.Input.IsFinite() || !batch.Target.IsFinite())
            return "a training image holds values that aren't numbers";
        if (student.Network.Trainable
            .FirstOrDefault(v => !Array.TrueForAll(v.Initializer!.ToFloats(), float.IsFinite)) is { } weight)
        {
            return $"the weight '{weight.Name}' holds values that aren't finite";
        }

        if (FirstBroken(weights, batch.Input) is { } broken)
            return $"{broken.Producer} gives values that aren't finite";
        var vanishing =
            student.Network.Trainable.Where(v => !IsFinite(weights[v].grad!)).Select(v => $"'{v.Name}'").Take(3).ToArray();
        return vanishing.Length > 0
            ? $"the network's image is finite, but the gradient of {string.Join(", ", vanishing)} isn't"
            : "the teacher's image isn't finite";
    }

    // The first value, in the order of computation, that isn't finite.
    private Value? FirstBroken(FlatWeights weights, Runtime.Tensor input)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var graph = student.Graph.Graph;
        var image = graph.Inputs.First(v => v.Initializer is null);
        var shapes = ShapeInference.Infer(student.Graph, new Dictionary<Value, Shape> { [image] = Shape.Known(input.Dims) });
        var features = TrainableWeights.Downstream(graph, [image]);
        var ancestors = Ancestors(student.Output);
        var values = graph.Nodes.SelectMany(n => n.Outputs).OfType<Value>()
            .Where(v => features.Contains(v) && ancestors.Contains(v) && shapes.TypeOf(v)?.Element.IsFloatingPoint() == true)
            .ToArray();
        var results = student.Network.Forward(weights, tensor(input.Data, input.Dims).to(device), values);
        return values.Zip(results).FirstOrDefault(r => !IsFinite(r.Second)).First;
    }

    private static HashSet<Value> Ancestors(Value output)
    {
        var found = new HashSet<Value>();
        var open = new Stack<Value>([output]);
        while (open.TryPop(out var value))
        {
            if (found.Add(value) && value.Producer is { } producer)
                producer.Inputs.OfType<Value>().ToList().ForEach(open.Push);
        }

        return found;
    }

    private static bool IsFinite(TorchSharp.torch.Tensor tensor) =>
        Array.TrueForAll(FlatWeights.Numbers(tensor.detach().contiguous()), float.IsFinite);
}
