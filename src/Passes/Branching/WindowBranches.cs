using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Branching;

/// <summary>Writes nodes that may depend on where their map ends.</summary>
internal static class WindowBranches
{
    /// <summary>
    /// Repeats a node for every branch of its first input. One that sees the map's end gets every branch cut back to the source's
    /// pixels, and what it makes is enlarged again.
    /// </summary>
    /// <param name="writer">Writes the nodes.</param>
    /// <param name="node">The node; its output has the same ratio to its input in every branch.</param>
    /// <param name="others">The inputs behind the first, by branch.</param>
    public static void JoinCutBack(this IBranchWriter writer, Node node, Func<int, IEnumerable<Value?>> others)
    {
        var input = node.Input(0)!;
        var isCut = writer.RelationOf(node) == PixelRelation.SeesEnd;
        var made = writer.PerBranch(node, writer.Branches(input), (branch, x) =>
            others(branch).Prepend(isCut ? writer.CutBack(node, input, branch, x) : x));
        writer.Join(node.Output, isCut ? [.. made.Select((x, branch) => writer.Enlarged(node, node.Output, branch, x))] : made);
    }
}
