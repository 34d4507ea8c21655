using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Normalize;

/// <summary>Makes a Resize that names its axes (opset 18) one of all axes, where that is possible.</summary>
public sealed class LegalizeResizes : IPass
{
    /// <inheritdoc/>
    public string Name => "legalize-resizes";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var resizes = model.Graph.AllNodes.Where(n => n.Is("Resize") && n.Attributes.ContainsKey("axes")).ToArray();
        if (resizes.Length == 0)
            return new PassResult(0);
        var emit = new Emitter(model);
        var shapes = ShapeInference.Infer(model);
        return new PassResult(
            resizes.Count(node => ResizeOperators.WhyNotAllAxes(node, shapes.ShapeOf(node.Input(0)!), emit) is null));
    }
}
