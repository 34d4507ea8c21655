namespace MsSrConvert.GraphIR.Shapes;

/// <summary>How certain a <see cref="ShapeConflict"/> is.</summary>
public enum ConflictKind
{
    /// <summary>Two sizes that must agree are written differently: they may agree at run time.</summary>
    Possible,
    /// <summary>Two sizes that must agree do so for a single input size at most.</summary>
    SingleSize,
    /// <summary>Two sizes that must agree never do, or a window doesn't fit.</summary>
    Provable,
    /// <summary>The node's attributes or inputs make no sense.</summary>
    Malformed,
}

/// <summary>A node whose shapes don't fit together.</summary>
/// <param name="Node">The node.</param>
/// <param name="Kind">How certain it is.</param>
/// <param name="Message">What doesn't fit, in one sentence without the node's name.</param>
public sealed record ShapeConflict(Node Node, ConflictKind Kind, string Message);
