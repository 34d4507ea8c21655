using MsSrConvert.GraphIR;
using MsSrConvert.Operators;
using MsSrConvert.Operators.Versions;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Normalize;

/// <summary>
/// Brings a model of opset 6 to 12 into the form of opset 13: attributes that became inputs, operators that were replaced
/// (Upsample, Scatter) and operators whose meaning changed (Softmax); and a model of opset 25 or 26 into that of 24, the newest
/// that is written. Others stay at their opset.
/// </summary>
/// <remarks>Expects <see cref="LiftConstants"/> to have run: some forms depend on constant inputs.</remarks>
public sealed class UpgradeOperators : IPass
{
    /// <summary>The newest opset that is read.</summary>
    public const int NewestOpset = 26;

    /// <inheritdoc/>
    public string Name => "upgrade-operators";

    /// <summary>Rewrites the model in place.</summary>
    /// <exception cref="MsSrException">
    /// The opset is older than 6 or newer than 26 (MSSR2105), or an operator can't be written anew (MSSR2101, MSSR2102).
    /// </exception>
    public PassResult Run(Model model, PassContext context)
    {
        var opset = (int)model.Opset;
        if (opset is 0 or (>= OpsetRange.Oldest and <= OpsetRange.Newest))
            return new PassResult(0);
        if (opset is < OpsetRange.OldestRead or > NewestOpset)
        {
            throw new MsSrException(new Diagnostic(
                "MSSR2105", Severity.Error,
                $"The model uses opset {opset}; opsets {OpsetRange.OldestRead} to {NewestOpset} are read.",
                Hint: $"Export the model again with {(opset < OpsetRange.OldestRead ? "a newer" : "an older")} opset."));
        }

        return new PassResult(
            OpsetConverter.Convert(model, opset < OpsetRange.Oldest ? OpsetRange.Oldest : OpsetRange.Newest, context.Report));
    }
}
