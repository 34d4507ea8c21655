using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Normalize;

/// <summary>
/// Drops nodes that hand their input on unchanged: Identity, Dropout at inference, Cast to the same type, Transpose that
/// permutes nothing, Pad by nothing, Concat and Sum of one value, Reshape, Expand, Tile and Slice to the shape that is there already.
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
                if (node.IsStandard && node.Input(0) is { } source && HandsOn(node, shapes) && GraphEdits.TryBypass(node, source))
                    changes++;
            }
        }

        return new PassResult(changes);
    }

    private static bool HandsOn(Node node, Lazy<ShapeMap> shapes) => node.OpType switch
    {
        "Identity" => true,
        "Dropout" => IsInference(node) && node.Outputs.Skip(1).All(o => o is null or { IsUnused: true }),
        "Cast" => shapes.Value.TypeOf(node.Input(0)!)?.Element is { } element && node.GetInt("to", 0) == (int)element,
        "Transpose" => IsInOrder(node.GetInts("perm")),
        "Pad" => PadsNothing(node),
        "Concat" or "Sum" or "Max" or "Min" or "Mean" => node.Inputs.Count == 1,
        "Reshape" or "Expand" or "Tile" => KeepsShape(node, shapes.Value),
        "Slice" => StepsForward(node) && KeepsShape(node, shapes.Value),
        _ => false,
    };

    private static bool IsInference(Node dropout) =>
        dropout.Input(2) is not { } training || (training.Constant() is { Element: ElementType.Bool } data && data.Bytes.Span[0] == 0);

    private static bool IsInOrder(IReadOnlyList<long>? perm) => perm is not null && perm.Select((p, i) => p == i).All(same => same);

    // For every size of the inputs; a shape that inference leaves open proves nothing.
    private static bool KeepsShape(Node node, ShapeMap shapes) =>
        shapes.ShapeOf(node.Input(0)!) is { } before && shapes.ShapeOf(node.Output) is { } after && before.Equals(after) && after.All(d => !d.IsUnknown);

    private static bool StepsForward(Node slice) => slice.Input(4) is null || slice.Input(4).ConstantInts() is { } steps && steps.All(s => s > 0);

    private static bool PadsNothing(Node pad) =>
        (pad.GetInts("pads") ?? pad.Input(1).ConstantInts()) is { } pads && pads.All(p => p == 0);
}
