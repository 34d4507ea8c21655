using MsSrConvert.Passes.Cleanup;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Normalize;

/// <summary>The passes that bring any convolutional network of opset 6 to 26 into one normal form.</summary>
/// <remarks>
/// Afterwards there are no local functions, none of ONNX Runtime's own operators that are known, no Constant nodes beside graph
/// outputs, no identities inside the graph, no initializers among the inputs; every node has a name of its own; the opset is 13
/// or newer; constants are folded; biases and BatchNormalization stand inside their convs where no tie forbids it; PReLU and
/// pixel shuffle are single nodes; features are (N,C,H,W); reductions over height and width are one node, and nothing is blown up
/// that broadcasts. What the network computes is unchanged, and initializers that several nodes share stay shared.
/// </remarks>
public static class Normalization
{
    /// <summary>Passes that come first and only make constants visible: no tensor is changed.</summary>
    public static IReadOnlyList<IPass> Lift() =>
        [new InlineFunctions(), new UniqueNames(), new LiftConstants(), new DropDefaultedInputs(), new LowerRuntimeOperators()];

    /// <summary>The first stage of a conversion: no tensor but computed constants is changed.</summary>
    public static PassStage Lifting(NodeEvaluator? evaluate = null) =>
        new(Stage.Lift, [.. Lift(), new ConstantFolding(evaluate), new AgreeInputs()]);

    /// <summary>The second stage of a conversion.</summary>
    /// <exception cref="GraphIR.MsSrException">The opset is out of range (MSSR2104).</exception>
    public static PassStage Normalizing(int? opset = null, NodeEvaluator? evaluate = null) =>
        new(Stage.Normalize, Passes(opset, evaluate));

    /// <summary>All other passes, in order, after <see cref="Lift"/>.</summary>
    /// <param name="opset">An opset from 13 to 24 to convert to at the end, or null to stay.</param>
    /// <param name="evaluate">
    /// Computes nodes of constants whose operators the passes don't compute themselves; null for none.
    /// </param>
    /// <exception cref="GraphIR.MsSrException">The opset is out of range (MSSR2104).</exception>
    public static IReadOnlyList<IPass> Passes(int? opset = null, NodeEvaluator? evaluate = null)
    {
        IPass[] passes =
        [
            new UpgradeOperators(),
            new TrimOptionalInputs(),
            new DropIdentities(),
            new LegalizeResizes(),
            new MergeIdenticalNodes(),
            new ConstantFolding(evaluate),
            new LegalizeLayoutReshapes(),
            new MergeTransposes(),
            new NhwcToNchw(),
            new MergeTransposes(),
            new DropIdentities(),
            new ScatterToConcat(),
            new MergeReductions(),
            new DropBroadcasts(),
            new FusePRelu(),
            new FusePixelShuffle(),
            new ResolveAutoPad(),
            new FoldBias(),
            new FoldBatchNorm(),
            new RemoveDeadNodes(),
            new UniqueNames(),
        ];
        return opset is { } target ? [.. passes, new SetOpset(target)] : passes;
    }
}
