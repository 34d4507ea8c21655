using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Rewrite;

/// <summary>
/// Three internal operators that stand for sizes while the graph is rewritten. Full values have the source's size, branches have
/// the enlarged one: <c>Enlarge</c> stands where branches begin, <c>CutBack</c> where they end or where a node must see exactly
/// the source's pixels, and <c>SizeOf</c> for a size that a node reads. <see cref="PadCropPass"/> writes them as what they are.
/// </summary>
internal static class SizeCasts
{
    private const string EnlargeType = "Enlarge";
    private const string CutBackType = "CutBack";
    private const string SizeOfType = "SizeOf";

    /// <summary>A node that pads a map by repeating its edge, at the bottom and the right.</summary>
    /// <param name="x">The map, at the source's size of <paramref name="of"/> halved and rounded up.</param>
    /// <param name="output">The result, at the enlarged size halved.</param>
    /// <param name="of">The source's value whose size it is.</param>
    /// <param name="halvings">How often the size is halved.</param>
    /// <param name="name">The node's name.</param>
    public static Node Enlarge(Value x, Value output, Value of, int halvings, string name) =>
        Make(EnlargeType, [x], output, of, halvings, name);

    /// <summary>A node that cuts a map back: the reverse of <see cref="Enlarge"/>.</summary>
    public static Node CutBack(Value x, Value output, Value of, int halvings, string name) =>
        Make(CutBackType, [x], output, of, halvings, name);

    /// <summary>
    /// Makes a node be about a size times factors of height and width; about just that size where there are none.
    /// </summary>
    public static Node Times(this Node cast, IReadOnlyList<SizeFactor>? factors) => factors is null
        ? cast
        : cast.With("up", [.. factors.Select(f => f.Up)]).With("down", [.. factors.Select(f => f.Down)]);

    /// <summary>The factor of the height (axis 2) or width (axis 3).</summary>
    public static SizeFactor Factor(Node cast, int axis) =>
        cast.GetInts("up") is { } up
            && cast.GetInts("down") is { } down ? new SizeFactor(up[axis - 2], down[axis - 2]) : SizeFactor.One;

    /// <summary>A node that gives the shape of a branch of a value as int64[4].</summary>
    /// <param name="output">The result: N, <paramref name="width"/>, height, width.</param>
    /// <param name="of">The source's value whose size it is.</param>
    /// <param name="halvings">How often the size is halved.</param>
    /// <param name="width">The channels.</param>
    /// <param name="enlarged">True for the enlarged size, false for the source's, halved and rounded up.</param>
    /// <param name="name">The node's name.</param>
    public static Node SizeOf(Value output, Value of, int halvings, long width, bool enlarged, string name) =>
        Make(SizeOfType, [], output, of, halvings, name).With("width", width).With("enlarged", enlarged ? 1 : 0);

    /// <summary>True for a node that <see cref="Enlarge"/> made.</summary>
    public static bool IsEnlarge(Node node) => node.Domain == BranchCasts.Domain && node.OpType == EnlargeType;

    /// <summary>True for a node that <see cref="CutBack"/> made.</summary>
    public static bool IsCutBack(Node node) => node.Domain == BranchCasts.Domain && node.OpType == CutBackType;

    /// <summary>True for a node that <see cref="SizeOf"/> made.</summary>
    public static bool IsSizeOf(Node node) => node.Domain == BranchCasts.Domain && node.OpType == SizeOfType;

    /// <summary>The name of the source's value that a node of this kind is about.</summary>
    public static string Subject(Node node) => node.GetString("of", "");

    /// <summary>How often that value's size is halved.</summary>
    public static int Halvings(Node node) => (int)node.GetInt("halvings", 0);

    private static Node Make(string opType, IEnumerable<Value?> inputs, Value output, Value of, int halvings, string name) =>
        new Node(opType, inputs, [output], name, BranchCasts.Domain).With("of", of.Name).With("halvings", halvings);
}
