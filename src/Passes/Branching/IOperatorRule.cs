using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Branching;

/// <summary>
/// Everything the converter knows about one operator: what it demands of the values around it, and how it is written branch by
/// branch. A new operator is a new implementation, listed in <c>OperatorRules</c>.
/// </summary>
internal interface IOperatorRule
{
    /// <summary>The operators of ONNX's own set this rule is for.</summary>
    IReadOnlyList<string> Operators { get; }

    /// <summary>States which feature values the node ties together and which it closes, with the reason.</summary>
    void Constrain(Node node, SpaceBuilder spaces);

    /// <summary>Writes the node for every branch; called when one of its inputs or outputs is branched.</summary>
    void Rewrite(Node node, IBranchWriter rewriter);
}
