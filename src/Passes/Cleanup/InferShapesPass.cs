using MsSrConvert.GraphIR;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Cleanup;

/// <summary>Writes the inferred type to every value: runtimes fuse far more where they know symbolic shapes.</summary>
public sealed class InferShapesPass : IPass
{
    /// <inheritdoc/>
    public string Name => "infer-shapes";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        ShapeInference.Apply(model);
        return new PassResult(model.Graph.Values.Count(v => v.Shape is not null));
    }
}
