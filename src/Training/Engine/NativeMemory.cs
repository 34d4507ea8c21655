using System.Runtime.InteropServices;

namespace MsSrConvert.Training.Engine;

/// <summary>What fresh memory holds while an engine is tried: code that reads before it writes gives other numbers with other contents.</summary>
internal static class NativeMemory
{
    // glibc fills what it hands out with the complement of this byte, and what is given back with the byte itself. Taken together the
    // fills are zeros, large numbers, tiny ones, and negative integers.
    private static readonly int[] Fills = [0, 255, 128, 85];

    private const int FillOption = -6;

    /// <summary>How many contents there are to try; 1 where they can't be chosen.</summary>
    public static int Contents => OperatingSystem.IsLinux() ? Fills.Length : 1;

    /// <summary>Does something with fresh memory of a certain content; 0 is whatever is there.</summary>
    public static T With<T>(int content, Func<T> action)
    {
        if (content == 0 || !TrySet(Fills[content]))
            return action();
        try
        {
            return action();
        }
        finally
        {
            TrySet(0);
        }
    }

    private static bool TrySet(int fill)
    {
        try
        {
            return SetOption(FillOption, fill) != 0;
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
