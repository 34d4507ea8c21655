using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Normalize.Support;

/// <summary>The two orders of an image tensor's axes, (N,C,H,W) and (N,H,W,C).</summary>
internal static class Layout
{
    /// <summary>The permutation of a Transpose from (N,C,H,W) to (N,H,W,C). Also: where each NHWC axis stands in NCHW.</summary>
    public static long[] ToNhwc => [0, 2, 3, 1];

    /// <summary>The permutation of a Transpose from (N,H,W,C) to (N,C,H,W).</summary>
    public static long[] ToNchw => [0, 3, 1, 2];

    /// <summary>True for a Transpose to (N,H,W,C).</summary>
    public static bool IsToNhwc(Node? node) => Permutes(node, ToNhwc);

    /// <summary>True for a Transpose to (N,C,H,W).</summary>
    public static bool IsToNchw(Node? node) => Permutes(node, ToNchw);

    /// <summary>An axis of (N,H,W,C), possibly counted from the end, as an axis of (N,C,H,W).</summary>
    public static long AxisToNchw(long axis) => ToNhwc[axis < 0 ? axis + 4 : axis];

    /// <summary>Four numbers in the order N,H,W,C in the order N,C,H,W.</summary>
    public static T[] Reorder<T>(IReadOnlyList<T> nhwc) => [.. ToNchw.Select(i => nhwc[(int)i])];

    private static bool Permutes(Node? node, long[] perm) =>
        node is not null && node.Is("Transpose") && node.GetInts("perm") is { } stated && stated.SequenceEqual(perm);
}
