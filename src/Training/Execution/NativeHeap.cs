using System.Runtime.InteropServices;

namespace MsSrConvert.Training.Execution;

/// <summary>The C library's heap, which libtorch takes its tensors from.</summary>
internal static class NativeHeap
{
    private const int TrimThreshold = -1;
    private const int MostMappings = -4;

    // What is handed out is filled with this byte's complement, and what is given back with the byte itself.
    private const int Fill = -6;

    /// <summary>
    /// Lets glibc keep what is freed. Every step frees and takes the same tensors again; given back to the system in between,
    /// their pages have to be cleared and mapped anew each time (a third of a step where it was measured). Elsewhere it does
    /// nothing.
    /// </summary>
    public static void KeepFreedMemory()
    {
        // Nothing is mapped by itself, and the heap's end is never given back.
        TrySet(MostMappings, 0);
        TrySet(TrimThreshold, -1);
    }

    /// <summary>Chooses the content of fresh memory: a byte that it is the complement of, or 0 for whatever is there.</summary>
    /// <returns>False where that can't be chosen.</returns>
    public static bool TryFill(byte content) => TrySet(Fill, content);

    private static bool TrySet(int option, int value)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        try
        {
            return SetOption(option, value) != 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // Another C library.
            return false;
        }
    }

    [DllImport("libc.so.6", EntryPoint = "mallopt")]
    private static extern int SetOption(int option, int value);
}
