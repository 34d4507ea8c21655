using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;

namespace MsSrConvert.Passes.Rewrite;

/// <summary>
/// Two internal operators that hold the graph together while it is rewritten node by node: <c>Branches</c> takes a value of the
/// source apart into its branches, <c>Whole</c> puts branches back together. Every rewritten node reads through the one and
/// writes through the other, so the rewrites need no order; <see cref="CancelCastsPass"/> lets the pairs cancel out at the end.
/// </summary>
internal static class BranchCasts
{
    /// <summary>The domain of the internal operators; no written model has it.</summary>
    public const string Domain = "mssr.internal";

    private const string ToBranches = "Branches";
    private const string ToWhole = "Whole";

    /// <summary>True for a node that takes a value apart.</summary>
    public static bool IsToBranches(Node node) => node.Domain == Domain && node.OpType == ToBranches;

    /// <summary>True for a node that puts branches together.</summary>
    public static bool IsToWhole(Node node) => node.Domain == Domain && node.OpType == ToWhole;

    /// <summary>The branches of a value: the same ones whenever they are asked for.</summary>
    public static Value[] BranchesOf(Graph graph, Value whole, int count, NameScope names)
    {
        var cast = whole.Uses.Select(use => use.Node).FirstOrDefault(IsToBranches)
            ?? graph.Add(
                new Node(ToBranches, [whole],
                    Enumerable.Range(1, count).Select(i => new Value(names.Unique($"{whole.Name}/cast{i}"))), domain: Domain));
        return [.. cast.Outputs.OfType<Value>()];
    }

    /// <summary>
    /// Makes <paramref name="whole"/> stand for these branches instead of what computed it; its readers don't notice.
    /// </summary>
    public static void Join(Graph graph, Value whole, IReadOnlyList<Value> branches)
    {
        whole.Producer?.SetOutput(whole.OutputIndex, null);
        graph.Add(new Node(ToWhole, branches, [whole], domain: Domain));
    }
}
