using System.Runtime.InteropServices;
using MsSrConvert.GraphIR;

namespace MsSrConvert.Cli.Output;

/// <summary>
/// Lets Ctrl+C, the signals that ask a process to end, and <c>--timeout</c> stop the work at the next opportunity, so that
/// unfinished files are removed. Work that has none soon, as inside a library, is ended with the process; a second signal does
/// that at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1.2);

    // Timers take no longer ones.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(40);

    private readonly CommandConsole _console;
    private readonly bool _ownsProcess;
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;
    private readonly Timer _limit;
    private readonly Timer _grace;
    private bool _mayTakeLong;

    /// <summary>Begins to listen.</summary>
    /// <param name="console">Where the end is told of.</param>
    /// <param name="limit">How long the work may take, or null.</param>
    /// <param name="ownsProcess">True where the process may be ended.</param>
    public Interruption(CommandConsole console, TimeSpan? limit, bool ownsProcess)
    {
        (_console, _ownsProcess) = (console, ownsProcess);
        _grace = new Timer(_ => End());
        _limit = new Timer(_ => TimeIsUp());
        if (limit is { } time)
            _limit.Change(time < Longest ? time : Longest, Timeout.InfiniteTimeSpan);
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP,
            PosixSignal.SIGQUIT }.Select(s => PosixSignalRegistration.Create(s, OnSignal))];
    }

    /// <summary>Cancelled when the work is to stop.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>True where it was the time limit that stopped the work.</summary>
    public bool IsTimeUp { get; private set; }

    /// <summary>
    /// Says that the work ends by itself when it is told to, with something to keep, and is to be waited for however long that
    /// takes.
    /// </summary>
    public void WaitForWork() => _mayTakeLong = true;

    /// <summary>Tells why the work was stopped.</summary>
    public void Report()
    {
        if (IsTimeUp)
        {
            _console.Report(new Diagnostic("MSSR5010", Severity.Error,
                "the time is up; what was unfinished is removed.", "--timeout", "Allow more time, or leave the option out."));
        }
        else
        {
            _console.Error.WriteLine("interrupted; what was unfinished is removed");
        }
    }

    private void TimeIsUp()
    {
        IsTimeUp = !_source.IsCancellationRequested;
        Stop();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_source.IsCancellationRequested && _ownsProcess)
            End();
        Stop();
    }

    private void Stop()
    {
        _source.Cancel();
        if (_ownsProcess && !_mayTakeLong)
            _grace.Change(Grace, Timeout.InfiniteTimeSpan);
    }

    // Nobody waits for the other threads: in a library they may take as long as they like.
    private void End()
    {
        TemporaryFile.RemoveAll();
        _console.ErrorTerminal()?.Cursor.Show(true);
        Report();
        _console.Error.Flush();
        if (OperatingSystem.IsWindows())
            Environment.Exit(ExitCodes.Interrupted);
        ExitNow(ExitCodes.Interrupted);
    }

    [DllImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void ExitNow(int code);

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _limit.Dispose();
        _grace.Dispose();
        _source.Dispose();
    }
}
