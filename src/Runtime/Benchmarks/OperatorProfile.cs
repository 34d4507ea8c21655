using System.Text.Json;

namespace MsSrConvert.Runtime.Benchmarks;

/// <summary>What operators of one kind take in a run.</summary>
/// <param name="Operator">
/// The operator as the runtime has it after its own rewrites, and whether it works on blocked channels.
/// </param>
/// <param name="Shapes">What it reads, as the runtime prints it.</param>
/// <param name="Count">How many there are in a run.</param>
/// <param name="Ms">What they take together in a run, in milliseconds: the mean over the runs.</param>
public sealed record OperatorTime(string Operator, string Shapes, int Count, double Ms);

/// <summary>Where the time of a model goes, operator by operator, as ONNX Runtime measures it.</summary>
public static class OperatorProfile
{
    /// <summary>Runs a model on random images and sums up the times of alike operators, the longest first.</summary>
    /// <param name="path">The model.</param>
    /// <param name="size">The size of the images.</param>
    /// <param name="threads">Threads within one operator; 0 lets ONNX Runtime choose.</param>
    /// <param name="runs">Runs to take the mean of; the first isn't counted.</param>
    /// <exception cref="GraphIR.MsSrException">
    /// The model can't be loaded (MSSR1001, MSSR5001) or run (MSSR5002, MSSR5003).
    /// </exception>
    public static IReadOnlyList<OperatorTime> Take(string path, ImageSize size, int threads, int runs)
    {
        var folder = Directory.CreateTempSubdirectory("profile");
        try
        {
            var options = new OnnxSessionOptions
            {
                Threads = threads,
                Spinning = true,
                ProfilePrefix = Path.Combine(folder.FullName, "run")
            };
            using var session = OnnxSession.Open(path, options);
            using var run =
                session.Bind(session.Inputs.ToDictionary(i => i.Name, i => RandomInput.For(i, size.Height, size.Width)));
            for (var i = 0; i <= runs; i++)
                run.Run();
            using var events = JsonDocument.Parse(File.ReadAllBytes(session.EndProfile()));
            return Sum(events.RootElement, runs);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static OperatorTime[] Sum(JsonElement events, int runs) =>
    [
        .. events.EnumerateArray().Where(IsKernel).GroupBy(e => e.GetProperty("name").GetString()!)
            .SelectMany(node => node.Skip(1))
            .GroupBy(e => (Operator: e.GetProperty("args").GetProperty("op_name").GetString()!, Shapes: Shapes(e)))
            .Select(
                g => new OperatorTime(g.Key.Operator, g.Key.Shapes, g.Count() / runs,
                    g.Sum(e => e.GetProperty("dur").GetDouble()) / 1000 / runs))
            .OrderByDescending(t => t.Ms),
    ];

    private static bool IsKernel(JsonElement e) =>
        e.GetProperty("cat").GetString() == "Node"
            && e.GetProperty("name").GetString()!.EndsWith("_kernel_time", StringComparison.Ordinal);

    private static string Shapes(JsonElement e) =>
        string.Join(" ", e.GetProperty("args").GetProperty("input_type_shape").EnumerateArray()
        .SelectMany(i => i.EnumerateObject()).Select(i => string.Join('x', i.Value.EnumerateArray())));
}
