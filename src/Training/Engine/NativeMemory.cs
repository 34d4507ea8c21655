using MsSrConvert.Training.Execution;

namespace MsSrConvert.Training.Engine;

/// <summary>
/// What fresh memory holds while an engine is tried: code that reads before it writes gives other numbers with other contents.
/// </summary>
internal static class NativeMemory
{
    // Taken together the fills are zeros, large numbers, tiny ones, and negative integers.
    private static readonly byte[] Fills = [0, 255, 128, 85];

    /// <summary>How many contents there are to try; 1 where they can't be chosen.</summary>
    public static int Contents => OperatingSystem.IsLinux() ? Fills.Length : 1;

    /// <summary>Does something with fresh memory of a certain content; 0 is whatever is there.</summary>
    public static T With<T>(int content, Func<T> action)
    {
        if (content == 0 || !NativeHeap.TryFill(Fills[content]))
            return action();
        try
        {
            return action();
        }
        finally
        {
            NativeHeap.TryFill(0);
        }
    }
}
