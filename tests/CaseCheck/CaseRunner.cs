using System.Globalization;
using System.Text.Json;
using MsSrConvert.Runtime;
using MsSrConvert.Runtime.Verification;

namespace MsSrConvert.CaseCheck;

/// <summary>Runs one case and says what isn't right; an empty answer is right.</summary>
internal sealed class CaseRunner(string folder, string work)
{
    // A refusal may take no longer and no more memory.
    private const double RefusalSeconds = 10;
    private const long RefusalBytes = 2L << 30;
    private const double ConversionSeconds = 120;
    private static readonly (long Height, long Width)[] ValueSizes = [(48, 48), (37, 53), (5, 6)];

    /// <summary>What a case with so many branches gives.</summary>
    public (string Outcome, string Wrong) Run(Case which, int branches)
    {
        var source = Path.Combine(folder, which.Name + ".onnx");
        var output = Path.Combine(work, $"{which.Name.Replace('/', '_')}.ms{branches}.onnx");
        var isConversion = which.Expectation is "converts" or "either";
        var limit = which.Number("seconds") ?? (isConversion ? ConversionSeconds : RefusalSeconds);
        var run = ProductRun.Start(
            [source, "-n", branches.ToString(CultureInfo.InvariantCulture), "-o", output, "--force", "--json",
                .. which.Text("args")?.Split(',') ?? []], limit);
        var outcome = $"exit {run.ExitCode}";
        if (which.Text("says") is { } text && !run.Messages.Contains(text, StringComparison.OrdinalIgnoreCase))
            return (outcome, $"doesn't say '{text}': {run.Message}");
        return which.Expectation switch
        {
            "refused" when run.ExitCode is not (1 or 2 or 3) => (outcome, $"should be refused; {run.Message}"),
            "refused" when run.PeakBytes > RefusalBytes => (outcome, $"took {run.PeakBytes >> 20} MiB"),
            "refused" => (outcome, ""),
            "source" => (outcome, run.ExitCode is 3 or 4 ? "" : $"the source should be blamed; {run.Message}"),
            "either" when run.ExitCode == 1 =>
                (outcome, run.Messages.Contains("MSSR2", StringComparison.Ordinal) ? "" : $"gives no reason; {run.Message}"),
            _ when run.ExitCode != 0 => (outcome, $"should be converted; {run.Message}"),
            _ => (Figures(run, out var figures), Check(which, run, source, output, figures)),
        };
    }

    private static string Figures(ProductRun run, out JsonElement figures)
    {
        figures = JsonDocument.Parse(run.Output).RootElement;
        return string.Create(CultureInfo.InvariantCulture, $"{figures.GetProperty("share").GetDouble():P0} part");
    }

    private string Check(Case which, ProductRun run, string source, string output, JsonElement figures)
    {
        var share = 100 * figures.GetProperty("share").GetDouble();
        if (which.Number("share") is { } least && share < least)
            return string.Create(CultureInfo.InvariantCulture, $"{share:0.0} % of the multiply-adds take part");
        if (which.Number("ratio") is { } most && Ratio(figures) is var ratio && ratio > most
            && !run.Messages.Contains("warning", StringComparison.Ordinal))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{ratio:0} % of the source, and no warning");
        }

        if (which.Number("smallest") is { } smallest
            && figures.GetProperty("smallest_input").GetProperty("source").ToString() is var found
            && found != smallest.ToString(CultureInfo.InvariantCulture))
        {
            return $"smallest_input.source is {found}";
        }

        if (RunCheck.Run(output, source).FirstOrDefault(r => !r.Passed) is { } failed)
            return $"{failed.Check}: {failed.Detail}";
        if (which.Text("equal") is { } name && WhyUnequal(source, output, name) is { } difference)
            return difference;
        return which.Text("export") is null ? "" : WhyNotExported(output);
    }

    private static double Ratio(JsonElement figures) => new[] { "params", "macs" }.Max(what =>
        100.0 * figures.GetProperty("converted").GetProperty(what).GetInt64() / Math.Max(1,
            figures.GetProperty("source").GetProperty(what).GetInt64()));

    private static string? WhyUnequal(string source, string output, string name)
    {
        using var reference = OnnxSession.Open(source);
        using var converted = OnnxSession.Open(output);
        var inputs = new TrialInputs(reference.Inputs);
        foreach (var (height, width) in ValueSizes)
        {
            var noise = inputs.Make(inputs.Dims(1, height, width));
            if (reference.Run(noise)[name].MaxDifference(converted.Run(noise)[name]) is var difference && !(difference < 1e-5))
                return string.Create(CultureInfo.InvariantCulture, $"'{name}' differs by {difference:G3} at {height}×{width}");
        }

        return null;
    }

    private static string WhyNotExported(string output)
    {
        var run = ProductRun.Start(["export-pytorch", output, "-o", output + ".export", "--force"], ConversionSeconds);
        return run.ExitCode == 0 ? "" : $"export-pytorch: {run.Message}";
    }
}
