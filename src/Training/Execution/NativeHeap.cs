using System.Runtime.InteropServices;

namespace MsSrConvert.Training.Execution;

/// <summary>The C library's heap, which libtorch takes its tensors from.</summary>
internal static class NativeHeap
{
    private const int TrimThreshold = -1;
    private const int MostMappings = -4;

    /// <summary>
    /// Lets glibc keep what is freed. Every step frees and takes the same tensors again; given back to the system in between, their
    /// pages have to be cleared and mapped anew each time (a third of a step where it was measured). Elsewhere it does nothing.
    /// </summary>
    public static void KeepFreedMemory()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            // Nothing is mapped by itself, and the heap's end is never given back.
            _ = SetOption(MostMappings, 0);
            _ = SetOption(TrimThreshold, -1);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library.
        }
    }

    [DllImport("libc.so.6", EntryPoint = "mallopt")]
    private static extern int SetOption(int option, int value);
}
