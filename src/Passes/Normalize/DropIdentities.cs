using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Normalize;

/// <summary>
/// Drops nodes that hand their input on unchanged: Identity, Dropout at inference, Cast to the same type, Transpose that
/// permutes nothing, Pad by nothing, Concat and Sum of one value, Reshape, Expand, Tile and Slice to the shape that is there
/// already.
/// </summary>
/// <remarks>
/// Readers of several Identity copies of one initializer read that one initializer afterwards, so kernels tied in the file
/// stay tied. Graph inputs and outputs keep their names: an Identity that joins the two stays.
/// </remarks>
public sealed class DropIdentities : IPass
{
    /// <inheritdoc/>
    public string Name => "drop-identities";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var changes = 0;
        var shapes = new Lazy<ShapeMap>(() => ShapeInference.Infer(model, InputSizes.AnySize(model)));
        foreach (var graph in model.AllGraphs().ToArray())
        {
            foreach (var node in graph.Nodes.ToArray())
            {
                if (HandsOn(node, shapes) && GraphEdits.TryBypass(node, node.Input(0)!))
                    changes++;
            }
        }

        return new PassResult(changes);
    }

    private static bool HandsOn(Node node, Lazy<ShapeMap> shapes) =>
        node.IsStandard && node.Input(0) is not null && OperatorTable.Find(node.OpType)?.IsIdentity?.Invoke(node, shapes) == true;
}
