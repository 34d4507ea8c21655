using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Normalize;

/// <summary>
/// Makes inputs absent that say nothing: an empty roi, scales or sizes of a Resize (opset 11 had to name them), and absent
/// inputs at the end of any list.
/// </summary>
public sealed class TrimOptionalInputs : IPass
{
    /// <inheritdoc/>
    public string Name => "trim-optional-inputs";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context) =>
        new(model.Graph.AllNodes.Where(n => n.IsStandard).ToArray().Count(Trim));

    private static bool Trim(Node node)
    {
        var before = node.Inputs.Count(v => v is not null) + node.Inputs.Count;
        for (var i = 1; node.OpType == "Resize" && i < node.Inputs.Count; i++)
        {
            if (node.Input(i).Constant() is { Count: 0 })
                node.SetInput(i, null);
        }

        node.TrimInputs();
        return node.Inputs.Count(v => v is not null) + node.Inputs.Count != before;
    }
}
