using Microsoft.ML.OnnxRuntime;
using MsSrConvert.GraphIR;

namespace MsSrConvert.Runtime;

/// <summary>
/// A model with its inputs in place on the device, to be run again and again: nothing is copied to or from the device, so that a
/// run costs what the model costs.
/// </summary>
public sealed class BoundRun : IDisposable
{
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _options = new();
    private readonly List<OrtValue> _feeds;
    private readonly string _name;

    internal BoundRun(InferenceSession session, string name, Device device, IReadOnlyList<TensorInfo> inputs,
        IReadOnlyList<TensorInfo> outputs, IReadOnlyDictionary<string, Tensor> values)
    {
        _session = session;
        _name = name;
        _binding = session.CreateIoBinding();
        _feeds = [.. inputs.Select(i => TensorConversion.ToOrt(values[i.Name], i))];
        for (var i = 0; i < inputs.Count; i++)
            _binding.BindInput(inputs[i].Name, _feeds[i]);
        using var memory = MemoryOf(device);
        foreach (var output in outputs)
            _binding.BindOutputToDevice(output.Name, memory);
    }

    /// <summary>Computes the outputs and leaves them on the device.</summary>
    /// <exception cref="MsSrException">ONNX Runtime fails (MSSR5002).</exception>
    public void Run()
    {
        try
        {
            _session.RunWithBinding(_options, _binding);
        }
        catch (OnnxRuntimeException e)
        {
            throw new MsSrException(
                new Diagnostic("MSSR5002", Severity.Error, $"The model fails: {OrtMessages.Tidy(e.Message)}.", _name), e);
        }
    }

    private static OrtMemoryInfo MemoryOf(Device device) => device.Kind is DeviceKind.Cuda or DeviceKind.TensorRt
        ? new OrtMemoryInfo("Cuda", OrtAllocatorType.DeviceAllocator, device.Index, OrtMemType.Default)
        : new OrtMemoryInfo(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.ArenaAllocator, 0, OrtMemType.Default);

    /// <summary>Frees the inputs.</summary>
    public void Dispose()
    {
        _binding.Dispose();
        _options.Dispose();
        _feeds.ForEach(f => f.Dispose());
    }
}
