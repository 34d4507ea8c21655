using System.Diagnostics;
using System.Globalization;

namespace MsSrConvert.Fuzz.Running;

/// <summary>A child process that tries one mutant after the other; started anew where one was its end.</summary>
/// <param name="arguments">The program's arguments that say which mutants there are.</param>
internal sealed class WorkerProcess(IReadOnlyList<string> arguments) : IDisposable
{
    /// <summary>Processor time that a mutant may take: another program on the machine doesn't make it fail.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Memory that the process may take.</summary>
    public const long MostBytes = 2L << 30;

    private const int PollMilliseconds = 25;
    private const int JobsPerProcess = 400;
    // Far more than the limit even where many programs share the machine: only what waits for ever meets it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private Process? _process;
    private Task<string?>? _line;
    private Task<string>? _errors;
    private int _jobs;

    /// <summary>Tries a mutant of the run.</summary>
    public Outcome Run(int number) => Ask(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Tries a file with the options of a number.</summary>
    public Outcome Run(int number, string file) => Ask(FormattableString.Invariant($"{number}:{file}"));

    private Outcome Ask(string job)
    {
        if (_process is null || _jobs++ >= JobsPerProcess)
            Start();
        _process!.StandardInput.WriteLine(job);
        _process.StandardInput.Flush();
        var (watch, before) = (Stopwatch.StartNew(), _process.TotalProcessorTime);
        var stage = "start";
        while (true)
        {
            if (!_line!.Wait(PollMilliseconds))
            {
                if (Overrun(stage, watch.Elapsed, before) is not { } overrun)
                    continue;
                Stop();
                return overrun;
            }

            var line = _line.Result;
            if (line is null)
                return Died(stage);
            _line = _process.StandardOutput.ReadLineAsync();
            if (!line.StartsWith(Worker.Stage, StringComparison.Ordinal))
                return Outcome.FromLine(line);
            stage = line[Worker.Stage.Length..];
            // What the oracle has ONNX Runtime compute isn't added to what the product takes.
            if (stage is Trial.Source or Trial.Result)
                (watch, before) = (Stopwatch.StartNew(), ProcessorTime(before));
        }
    }

    private TimeSpan ProcessorTime(TimeSpan otherwise)
    {
        try
        {
            _process!.Refresh();
            return _process.TotalProcessorTime;
        }
        catch (InvalidOperationException)
        {
            // It has ended; the end of its output says so.
            return otherwise;
        }
    }

    // What ONNX Runtime takes for the source isn't the product's.
    private Outcome? Overrun(string stage, TimeSpan elapsed, TimeSpan before)
    {
        try
        {
            _process!.Refresh();
            var seconds = _process.TotalProcessorTime - before;
            var bytes = _process.WorkingSet64;
            var isHang = seconds > Limit || elapsed > Patience;
            if (!isHang && bytes <= MostBytes)
                return null;
            var detail = string.Create(CultureInfo.InvariantCulture, $"{seconds.TotalSeconds:0.0} s, {bytes >> 20} MiB");
            return new Outcome(stage == Trial.Source ? OutcomeClass.Unjudged : isHang ? OutcomeClass.Hang : OutcomeClass.Memory,
                $"in stage {stage}", detail);
        }
        catch (InvalidOperationException)
        {
            // It has ended; the end of its output says so.
            return null;
        }
    }

    private Outcome Died(string stage)
    {
        _process!.WaitForExit();
        var code = _process.ExitCode;
        var errors = _errors!.Result;
        Stop();
        return new Outcome(OutcomeClass.Death, FormattableString.Invariant($"exit {code} in stage {stage}"), errors);
    }

    private void Start()
    {
        Stop();
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_GCHeapHardLimit"] = MostBytes.ToString("X", CultureInfo.InvariantCulture) },
        };
        foreach (var argument in arguments.Prepend(typeof(WorkerProcess).Assembly.Location).Append("--worker"))
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
        // Its start isn't the first mutant's time.
        _ = _process.StandardOutput.ReadLine();
        _line = _process.StandardOutput.ReadLineAsync();
        _jobs = 0;
    }

    private void Stop()
    {
        if (_process is not { } process)
            return;
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
        _process = null;
    }

    /// <summary>Ends the process.</summary>
    public void Dispose() => Stop();
}
