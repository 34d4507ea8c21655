using Microsoft.ML.OnnxRuntime;
using MsSrConvert.GraphIR;

namespace MsSrConvert.Runtime;

/// <summary>How a model is opened.</summary>
public sealed record OnnxSessionOptions
{
    /// <summary>Execution device; the processor by default.</summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>Threads within one operator; 0 lets ONNX Runtime choose.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// True lets threads wait for the next operator of a run without sleeping: faster, but it burns the processor.
    /// </summary>
    public bool Spinning { get; init; }

    /// <summary>True lets ONNX Runtime's warnings through to stderr.</summary>
    public bool Warnings { get; init; }

    /// <summary>How a file of times of every operator begins, its folder included; null to write none.</summary>
    public string? ProfilePrefix { get; init; }

    /// <summary>False frees every buffer after use instead of keeping it for the next run: less memory, some speed.</summary>
    public bool KeepBuffers { get; init; } = true;
}

/// <summary>A model loaded into ONNX Runtime with all graph optimisations on.</summary>
public sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string _name;

    private OnnxSession(InferenceSession session, string name, Device device)
    {
        _session = session;
        _name = name;
        Device = device;
        Inputs = [.. session.InputNames.Select(n => TensorInfo.From(n, session.InputMetadata[n]))];
        Outputs = [.. session.OutputNames.Distinct().Select(n => TensorInfo.From(n, session.OutputMetadata[n]))];
        Metadata = new Dictionary<string, string>(session.ModelMetadata.CustomMetadataMap);
    }

    /// <summary>
    /// What the model must be given, in the model's order; initializers that are listed as inputs are left out.
    /// </summary>
    public IReadOnlyList<TensorInfo> Inputs { get; }

    /// <summary>What the model computes; a value that it lists twice stands here once.</summary>
    public IReadOnlyList<TensorInfo> Outputs { get; }

    /// <summary>The model's key-value annotations.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Execution device.</summary>
    public Device Device { get; }

    /// <summary>Opens a model file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How.</param>
    /// <param name="name">What messages call it; null for the file's own name.</param>
    /// <exception cref="MsSrException">The file is missing (MSSR1001), ONNX Runtime refuses it (MSSR5001), or the device is
    /// missing (MSSR5004).</exception>
    public static OnnxSession Open(string path, OnnxSessionOptions? options = null, string? name = null)
    {
        if (!File.Exists(path))
        {
            throw new MsSrException(
                new Diagnostic("MSSR1001", Severity.Error, "There is no such file.", path, "Check the path's spelling."));
        }

        return Open(o => new InferenceSession(path, o),
            name ?? Path.GetFileName(path), name ?? path, options ?? new OnnxSessionOptions());
    }

    /// <summary>Opens a model from the bytes of its file; it can't have external data.</summary>
    /// <exception cref="MsSrException">ONNX Runtime refuses the model (MSSR5001); the device is missing (MSSR5004).</exception>
    public static OnnxSession Open(byte[] model, string name, OnnxSessionOptions? options = null) =>
        Open(o => new InferenceSession(model, o), name, name, options ?? new OnnxSessionOptions());

    private static OnnxSession Open(Func<SessionOptions, InferenceSession> open, string name, string where,
        OnnxSessionOptions options)
    {
        OrtEnvironment.Get();
        using var ort = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = options.Warnings
                ? OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING : OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            IntraOpNumThreads = options.Threads,
            EnableCpuMemArena = options.KeepBuffers,
        };
        ort.AddSessionConfigEntry("session.intra_op.allow_spinning", options.Spinning ? "1" : "0");
        // Without it threads go on spinning when a run has ended, to the cost of whatever runs next.
        ort.AddSessionConfigEntry("session.force_spinning_stop", "1");
        if (options.ProfilePrefix is { } prefix)
            (ort.EnableProfiling, ort.ProfileOutputPathPrefix) = (true, prefix);
        Devices.Append(ort, options.Device);
        try
        {
            return new OnnxSession(open(ort), name, options.Device);
        }
        catch (OnnxRuntimeException e)
        {
            throw new MsSrException(new Diagnostic("MSSR5001", Severity.Error,
                $"ONNX Runtime can't load the model: {OrtMessages.Tidy(e.Message)}.", where), e);
        }
    }

    /// <summary>Runs a model that has one input; gives its first output, or the one named.</summary>
    /// <exception cref="MsSrException">As <see cref="Run(IReadOnlyDictionary{string, Tensor})"/>.</exception>
    public Tensor Run(Tensor input, string? output = null) =>
        Run(new Dictionary<string, Tensor> { [Inputs.Count == 1 ? Inputs[0].Name : ""] = input })[output ?? Outputs[0].Name];

    /// <summary>Runs the model; values are converted to and from the element types the model wants.</summary>
    /// <returns>Every output by name.</returns>
    /// <exception cref="MsSrException">An input is missing, unknown, of the wrong shape or of a type that holds no numbers
    /// (MSSR5003); ONNX Runtime fails (MSSR5002).</exception>
    public IReadOnlyDictionary<string, Tensor> Run(IReadOnlyDictionary<string, Tensor> inputs)
    {
        foreach (var input in Inputs)
            Check(input, inputs);
        if (inputs.Keys.FirstOrDefault(k => Inputs.All(i => i.Name != k)) is { } unknown)
        {
            throw BadInput(
                $"The model has no input '{unknown}'; its inputs are {string.Join(", ", Inputs.Select(i => $"'{i.Name}'"))}.");
        }

        var feeds = new List<OrtValue>(Inputs.Count);
        try
        {
            foreach (var input in Inputs)
                feeds.Add(TensorConversion.ToOrt(inputs[input.Name], input));
            using var run = new RunOptions();
            using var results = _session.Run(run, _session.InputNames, feeds, [.. Outputs.Select(o => o.Name)]);
            return Outputs.Select((o, i) => (o.Name, Value: TensorConversion.FromOrt(results[i], o)))
                .ToDictionary(r => r.Name, r => r.Value);
        }
        catch (OnnxRuntimeException e)
        {
            var shapes = string.Join(", ", Inputs.Select(i => $"{i.Name} {inputs[i.Name]}"));
            throw new MsSrException(new Diagnostic("MSSR5002", Severity.Error,
                $"The model fails on {shapes}: {OrtMessages.Tidy(e.Message)}.", _name), e);
        }
        finally
        {
            feeds.ForEach(f => f.Dispose());
        }
    }

    /// <summary>Puts inputs in place for many runs; the session must outlive what is returned.</summary>
    /// <exception cref="MsSrException">
    /// An input is missing, of the wrong shape or of a type that holds no numbers (MSSR5003).
    /// </exception>
    public BoundRun Bind(IReadOnlyDictionary<string, Tensor> inputs)
    {
        foreach (var input in Inputs)
            Check(input, inputs);
        return new BoundRun(_session, _name, Device, Inputs, Outputs, inputs);
    }

    /// <summary>Ends the profile that <see cref="OnnxSessionOptions.ProfilePrefix"/> began, and gives its file.</summary>
    public string EndProfile() => _session.EndProfiling();

    private void Check(TensorInfo input, IReadOnlyDictionary<string, Tensor> given)
    {
        if (!given.TryGetValue(input.Name, out var tensor))
            throw BadInput($"Input '{input.Name}' was not given.");
        if (tensor.Count != tensor.Data.Length)
            throw BadInput($"Input '{input.Name}' has {tensor.Data.Length} elements where {tensor} needs {tensor.Count}.");
        var fits = tensor.Dims.Length == input.Shape.Rank
            && input.Shape.Zip(tensor.Dims).All(p => !p.First.IsKnown || p.First.Value == p.Second);
        if (!fits)
            throw BadInput($"Input '{input.Name}' is {tensor} but the model wants {input}.");
    }

    private MsSrException BadInput(string message) => new(new Diagnostic("MSSR5003", Severity.Error, message, _name));

    /// <summary>Frees the model.</summary>
    public void Dispose() => _session.Dispose();
}
