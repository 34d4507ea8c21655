using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize.Support;

namespace MsSrConvert.Passes.Normalize;

/// <summary>
/// Writes operators of ONNX Runtime's own set (<c>com.microsoft</c>), which its optimizer and some exporters leave in models, in
/// ONNX's operators, and drops the set where nothing uses it any more. Those that aren't known stay.
/// </summary>
/// <remarks>
/// What an offline optimization fused into a convolution is apart again afterwards: ONNX Runtime fuses the result anew.
/// </remarks>
public sealed class LowerRuntimeOperators : IPass
{
    /// <inheritdoc/>
    public string Name => "lower-runtime-operators";

    /// <summary>Rewrites the model in place.</summary>
    /// <exception cref="MsSrException">A node has a form that ONNX's operators don't have (MSSR2101).</exception>
    public PassResult Run(Model model, PassContext context)
    {
        var nodes = model.Opset == 0 ? [] : model.Graph.AllNodes
            .Where(n => !n.IsStandard && OperatorTable.Find(n)?.Decomposition is not null).ToArray();
        if (nodes.Length == 0)
            return new PassResult(0);
        var (emit, opset) = (new Emitter(model), (int)model.Opset);
        var shapes = new Lazy<ShapeMap>(() => ShapeInference.Infer(model));
        foreach (var node in nodes)
            OperatorTable.Find(node)!.Decomposition!(new RewriteStep(node, opset, opset, emit, shapes, context.Report));
        OpsetImports.DropUnused(model, OperatorTable.RuntimeDomain);
        return new PassResult(nodes.Length);
    }
}
