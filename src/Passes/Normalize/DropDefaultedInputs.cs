using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Normalize;

/// <summary>
/// Takes initializers off the list of graph inputs, where files of IR version 3 had to list them: a weight that a caller could
/// override is a constant to the converter.
/// </summary>
public sealed class DropDefaultedInputs : IPass
{
    private const int FirstIrVersionWithFreeInitializers = 4;

    /// <inheritdoc/>
    public string Name => "drop-defaulted-inputs";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var defaulted = model.Graph.Inputs.Where(v => v.Initializer is not null).ToArray();
        foreach (var value in defaulted)
            model.Graph.RemoveInput(value);
        if (defaulted.Length > 0)
            model.IrVersion = Math.Max(model.IrVersion, FirstIrVersionWithFreeInitializers);
        return new PassResult(defaulted.Length);
    }
}
