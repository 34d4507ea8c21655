namespace MsSrConvert.Operators;

/// <summary>The versions of ONNX's own operator set that models are brought into.</summary>
public static class OpsetRange
{
    /// <summary>The oldest: from here on, axes, pads and scales are inputs wherever they are today.</summary>
    public const int Oldest = 13;

    /// <summary>The oldest that is read.</summary>
    public const int OldestRead = 6;

    /// <summary>The newest.</summary>
    public const int Newest = 24;
}
