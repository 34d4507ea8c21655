using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize.Opsets;

namespace MsSrConvert.Passes.Normalize;

/// <summary>
/// Brings a model of opset 7 to 12 into the form of opset 13: attributes that became inputs, operators that were replaced
/// (Upsample, Scatter) and operators whose meaning changed (Softmax). Newer models stay at their opset.
/// </summary>
/// <remarks>Expects <see cref="LiftConstants"/> to have run: some forms depend on constant inputs.</remarks>
public sealed class RespellOldOperators : IPass
{
    /// <summary>The opset of the normal form.</summary>
    public const int NormalOpset = 13;

    /// <summary>The oldest opset that is read; before it broadcasting was spelled with attributes.</summary>
    public const int OldestOpset = 7;

    /// <inheritdoc/>
    public string Name => "respell-old-operators";

    /// <summary>Rewrites the model in place.</summary>
    /// <exception cref="MsSrException">
    /// The opset is older than 7 (MSSR2105), or an operator's meaning changed and can't be spelled anew (MSSR2101, MSSR2102).
    /// </exception>
    public PassResult Run(Model model, PassContext context)
    {
        var opset = (int)model.Opset;
        if (opset is 0 or >= NormalOpset)
            return new PassResult(0);
        if (opset < OldestOpset)
        {
            throw new MsSrException(new Diagnostic(
                "MSSR2105", Severity.Error, $"The model uses opset {opset}; opset {OldestOpset} is the oldest that is read.",
                Hint: "Export the model again with a newer opset."));
        }

        return new PassResult(OpsetConverter.Convert(model, NormalOpset, context));
    }
}
