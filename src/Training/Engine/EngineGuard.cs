using System.Diagnostics;
using System.Globalization;
using MsSrConvert.GraphIR;
using MsSrConvert.Operators;
using MsSrConvert.Training.Data;
using MsSrConvert.Training.Execution;
using MsSrConvert.Training.Losses;
using Device = TorchSharp.torch.Device;

namespace MsSrConvert.Training.Engine;

/// <summary>
/// Stands between libtorch and a training: tries it before the first step, and compares it with ONNX Runtime whenever weights are
/// kept.
/// </summary>
internal sealed class EngineGuard : IDisposable
{
    private readonly EngineCheck _engine;
    private readonly IReadOnlyList<ConvolutionCase> _convolutions;
    private readonly TrainingBatch _batch;
    private readonly NetworkCheck _network;
    private readonly EngineForm _form;
    private readonly FlatWeights _start;

    /// <summary>Prepares the comparisons.</summary>
    /// <param name="student">The network.</param>
    /// <param name="form">How libtorch is run.</param>
    /// <param name="device">Execution device.</param>
    /// <param name="batch">A batch of the training's own.</param>
    public EngineGuard(TrainingModel student, EngineForm form, Device device, TrainingBatch batch)
    {
        var graph = student.Graph.Graph;
        var image = graph.Inputs.First(v => v.Initializer is null);
        var shapes = ShapeInference.Infer(student.Graph,
            new Dictionary<Value, Shape>
            { [image] = Shape.Known(batch.Input.Dims) });
        _convolutions = [.. EngineCheck.Standard, .. EngineCheck.Of(graph, shapes)];
        _engine = new EngineCheck(form, device);
        _batch = batch;
        _network = new NetworkCheck(student, form, device);
        Diagnosis = new LossDiagnosis(student, _network, form, device);
        _form = form;
        _start = student.Network.Weights(trained: false);
    }

    /// <summary>Says why a loss isn't a number.</summary>
    public LossDiagnosis Diagnosis { get; }

    /// <summary>Tries the convolutions.</summary>
    /// <exception cref="EngineFault">One is wrong.</exception>
    public void TryEngine() => _engine.Convolutions(_convolutions);

    /// <summary>Tries everything before the first step.</summary>
    /// <returns>What was tried, in a line for people.</returns>
    /// <exception cref="EngineFault">Something is wrong.</exception>
    public string Try(FlatWeights weights, Objective objective)
    {
        var clock = Stopwatch.StartNew();
        TryEngine();
        var error = _network.Forward(weights, _batch);
        _network.Gradient(weights, objective, _batch);
        return string.Create(CultureInfo.InvariantCulture,
            $"libtorch ({_form.Description}): {_convolutions.Count} convolutions are right, the network is ONNX Runtime's to {error:0.0e-0} ({clock.Elapsed.TotalSeconds:0.0} s)");
    }

    /// <summary>Compares the network with ONNX Runtime, for weights that are about to be kept.</summary>
    /// <exception cref="EngineFault">They differ.</exception>
    public void Compare(FlatWeights weights) => _network.Forward(weights, _start, _batch);

    /// <summary>Frees the weights that it compares with.</summary>
    public void Dispose() => _start.Dispose();
}
