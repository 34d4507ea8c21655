using System.Diagnostics;

namespace MsSrConvert.CaseCheck;

/// <summary>One run of the command line in a process of its own, so that a crash is an outcome like others.</summary>
/// <param name="ExitCode">What it ended with; -1 where it ran out of time.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Messages">Its standard error.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="PeakBytes">The most memory seen.</param>
internal sealed record ProductRun(int ExitCode, string Output, string Messages, double Seconds, long PeakBytes)
{
    private const int PollMilliseconds = 20;

    /// <summary>The last message, shortened.</summary>
    public string Message
    {
        get
        {
            var lines = Messages.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var line = lines.LastOrDefault(l => l.StartsWith("error", StringComparison.Ordinal)) ?? lines.LastOrDefault() ?? "";
            return line.Length > 110 ? line[..110] + "…" : line;
        }
    }

    // It may end while it is looked at.
    private static long PeakOf(Process process)
    {
        try
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
    }

    /// <summary>Runs it.</summary>
    public static ProductRun Start(IEnumerable<string> arguments, double limitSeconds)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "mssr-convert.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var (output, messages) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var peak = 0L;
        while (!process.WaitForExit(PollMilliseconds))
        {
            peak = Math.Max(peak, PeakOf(process));
            if (watch.Elapsed.TotalSeconds < limitSeconds)
                continue;
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return new ProductRun(-1, "", $"error: stopped after {limitSeconds} s", watch.Elapsed.TotalSeconds, peak);
        }

        process.WaitForExit();
        return new ProductRun(process.ExitCode, output.Result, messages.Result, watch.Elapsed.TotalSeconds, peak);
    }
}
