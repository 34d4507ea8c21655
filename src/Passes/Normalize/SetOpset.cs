using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize.Opsets;

namespace MsSrConvert.Passes.Normalize;

/// <summary>Converts a model between opsets 13 and 24, up or down.</summary>
public sealed class SetOpset : IPass
{
    /// <summary>The newest opset whose changes are known.</summary>
    public const int NewestOpset = 24;

    private readonly int _target;

    /// <summary>Makes the pass.</summary>
    /// <param name="target">The opset to convert to, 13 to 24.</param>
    /// <exception cref="MsSrException">The opset is out of range (MSSR2104).</exception>
    public SetOpset(int target)
    {
        if (target is < RespellOldOperators.NormalOpset or > NewestOpset)
        {
            throw new MsSrException(new Diagnostic(
                "MSSR2104", Severity.Error, $"Opset {target} can't be written.",
                Hint: $"Choose one from {RespellOldOperators.NormalOpset} to {NewestOpset}."));
        }

        _target = target;
    }

    /// <inheritdoc/>
    public string Name => "set-opset";

    /// <summary>Rewrites the model in place.</summary>
    /// <exception cref="MsSrException">
    /// The source's opset is not known (MSSR2105), or an operator can't be spelled in the target opset (MSSR2101, MSSR2102).
    /// </exception>
    public PassResult Run(Model model, PassContext context)
    {
        var opset = (int)model.Opset;
        if (opset == _target || opset == 0)
            return new PassResult(0);
        if (opset is < RespellOldOperators.OldestOpset or > RespellOldOperators.NewestOpset)
        {
            throw new MsSrException(new Diagnostic(
                "MSSR2105", Severity.Error, $"The model uses opset {opset}, which can't be converted to {_target}.",
                Hint: "Leave the opset as it is."));
        }

        return new PassResult(OpsetConverter.Convert(model, _target, context));
    }
}
