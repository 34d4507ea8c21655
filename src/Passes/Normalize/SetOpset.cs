using MsSrConvert.GraphIR;
using MsSrConvert.Operators;
using MsSrConvert.Operators.Versions;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Normalize;

/// <summary>Converts a model between opsets 13 and 24, up or down.</summary>
public sealed class SetOpset : IPass
{
    private readonly int _target;

    /// <summary>Makes the pass.</summary>
    /// <param name="target">The opset to convert to, 13 to 24.</param>
    /// <exception cref="MsSrException">The opset is out of range (MSSR2104).</exception>
    public SetOpset(int target)
    {
        if (target is < OpsetRange.Oldest or > OpsetRange.Newest)
        {
            throw new MsSrException(new Diagnostic(
                "MSSR2104", Severity.Error, $"Opset {target} can't be written.",
                Hint: $"Choose one from {OpsetRange.Oldest} to {OpsetRange.Newest}."));
        }

        _target = target;
    }

    /// <inheritdoc/>
    public string Name => "set-opset";

    /// <summary>Rewrites the model in place.</summary>
    /// <exception cref="MsSrException">
    /// The source's opset is not known (MSSR2105), or an operator can't be written in the target opset (MSSR2101, MSSR2102).
    /// </exception>
    public PassResult Run(Model model, PassContext context)
    {
        var opset = (int)model.Opset;
        if (opset == _target || opset == 0)
            return new PassResult(0);
        if (opset is < OpsetRange.OldestRead or > OpsetRange.Newest)
        {
            throw new MsSrException(new Diagnostic(
                "MSSR2105", Severity.Error, $"The model uses opset {opset}, which can't be converted to {_target}.",
                Hint: "Leave the opset as it is."));
        }

        return new PassResult(OpsetConverter.Convert(model, _target, context.Report));
    }
}
