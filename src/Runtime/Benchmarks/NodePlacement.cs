using System.Text.Json;
using MsSrConvert.GraphIR;

namespace MsSrConvert.Runtime.Benchmarks;

/// <summary>Which nodes of a model a device computes, and which ones ONNX Runtime leaves to the processor in silence.</summary>
/// <param name="Nodes">The nodes after ONNX Runtime's own rewrites, copies left out.</param>
/// <param name="OnProcessor">Those that the processor computes, as <c>Op 'name'</c>.</param>
/// <param name="Copies">How often values are copied between device and processor.</param>
public sealed record NodePlacement(int Nodes, IReadOnlyList<string> OnProcessor, int Copies)
{
    private const int Shown = 5;

    /// <summary>Runs a model once.</summary>
    /// <param name="path">The model.</param>
    /// <param name="size">The size of the image.</param>
    /// <param name="options">The device.</param>
    /// <exception cref="MsSrException">
    /// The model can't be loaded (MSSR1001, MSSR5001) or run (MSSR5002, MSSR5003), or the device is missing (MSSR5004).
    /// </exception>
    public static NodePlacement Of(string path, ImageSize size, OnnxSessionOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("placement");
        try
        {
            using var session = OnnxSession.Open(path, options with { ProfilePrefix = Path.Combine(folder.FullName, "run") });
            using var run =
                session.Bind(session.Inputs.ToDictionary(i => i.Name, i => RandomInput.For(i, size.Height, size.Width)));
            run.Run();
            using var events = JsonDocument.Parse(File.ReadAllBytes(session.EndProfile()));
            return Parse(events.RootElement);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Reads a profile of ONNX Runtime.</summary>
    internal static NodePlacement Parse(JsonElement events)
    {
        const string ending = "_kernel_time";
        var nodes = events.EnumerateArray()
            .Where(
                e => e.GetProperty("cat").GetString() == "Node"
                    && e.GetProperty("name").GetString()!.EndsWith(ending, StringComparison.Ordinal))
            .Select(e => (Name: e.GetProperty("name").GetString()![..^ending.Length], Args: e.GetProperty("args")))
            .Select(
                e => (e.Name, Operator: e.Args.GetProperty("op_name").GetString()!,
                    Provider: e.Args.GetProperty("provider").GetString()!))
            .Distinct().ToArray();
        var computed = nodes.Where(n => !IsCopy(n.Operator)).ToArray();
        return new NodePlacement(computed.Length,
            [.. computed.Where(n => n.Provider == "CPUExecutionProvider").Select(n => $"{n.Operator} '{n.Name}'")],
            nodes.Count(n => IsCopy(n.Operator)));
    }

    private static bool IsCopy(string op) => op.StartsWith("Memcpy", StringComparison.Ordinal);

    /// <summary>The placement in a sentence.</summary>
    /// <param name="device">What was asked for.</param>
    public string Describe(Device device)
    {
        if (OnProcessor.Count == 0 && Copies == 0)
            return $"all {Nodes} nodes run on {device}.";
        var named = string.Join(", ", OnProcessor.Take(Shown)) + (OnProcessor.Count > Shown ? ", …" : "");
        return FormattableString.Invariant(
            $"{OnProcessor.Count} of {Nodes} nodes run on the processor, not on {device}{(named.Length > 0 ? $" ({named})" : "")}; values are copied {Copies} times.");
    }
}
