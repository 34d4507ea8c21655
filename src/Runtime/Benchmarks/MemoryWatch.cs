using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MsSrConvert.Runtime.Benchmarks;

/// <summary>Watches by how much the process grows, looking every few milliseconds from a thread of its own.</summary>
internal sealed class MemoryWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);
    private readonly Process _process = Process.GetCurrentProcess();
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private readonly long _before;
    private long _most;

    /// <summary>
    /// Starts watching, after collecting garbage and giving free memory back, so that what is used next counts as growth.
    /// </summary>
    public MemoryWatch()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GiveBack();
        _before = _most = Now();
        _thread = new Thread(Watch) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>The most bytes above the start so far.</summary>
    public long Growth() => Math.Max(Interlocked.Read(ref _most), Now()) - _before;

    private static void GiveBack()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = TrimHeap(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Other C libraries than glibc keep no large heaps and lack the call.
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int TrimHeap(nuint keep);

    private void Watch()
    {
        using var process = Process.GetCurrentProcess();
        while (!_stop.Wait(Interval))
        {
            process.Refresh();
            if (process.WorkingSet64 > Interlocked.Read(ref _most))
                Interlocked.Exchange(ref _most, process.WorkingSet64);
        }
    }

    private long Now()
    {
        _process.Refresh();
        return _process.WorkingSet64;
    }

    /// <summary>Stops watching.</summary>
    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
        _process.Dispose();
    }
}
