using MsSrConvert.Passes.Cleanup;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Normalize;

/// <summary>The passes that bring a model into the form the multi-scale rewrite works on.</summary>
public static class Normalization
{
    /// <summary>Passes that only make constants visible: no tensor is changed.</summary>
    public static IReadOnlyList<IPass> Lift() => [new InlineFunctions(), new LiftConstants(), new DropDefaultedInputs()];

    /// <summary>All passes, in order, after <see cref="Lift"/>.</summary>
    public static IReadOnlyList<IPass> Passes(int? opset) =>
    [
        new DropIdentities(), new ConstantFolding(), new RespellOldOperators(), .. opset is { } target ? [new SetOpset(target)] : Array.Empty<IPass>(),
        new UniqueNames(), new RemoveDeadNodes(), new MergeIdenticalNodes(),
    ];
}
