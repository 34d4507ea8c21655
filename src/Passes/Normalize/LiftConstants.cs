using System.Runtime.InteropServices;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Normalize;

/// <summary>Turns Constant nodes into initializers that keep the output's name.</summary>
/// <remarks>Sparse constants and constants that are graph outputs stay nodes.</remarks>
public sealed class LiftConstants : IPass
{
    /// <inheritdoc/>
    public string Name => "lift-constants";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context) => new(model.AllGraphs().ToArray().Sum(Lift));

    /// <summary>Lifts the constants of one graph; nested graphs are left alone.</summary>
    internal static int Lift(Graph graph)
    {
        var changes = 0;
        foreach (var node in graph.Nodes.Where(n => n.Is("Constant")).ToArray())
        {
            if (node.Output.IsGraphOutput || ContentOf(node) is not { } data)
                continue;
            GraphEdits.ReplaceByInitializers(node, [data]);
            changes++;
        }

        return changes;
    }

    private static TensorData? ContentOf(Node node)
    {
        foreach (var (name, attribute) in node.Attributes)
        {
            switch (name, attribute)
            {
                case ("value", TensorAttribute tensor):
                    return WithoutName(tensor.Value);
                case ("value_float", FloatAttribute one):
                    return TensorData.Of([one.Value]);
                case ("value_floats", FloatsAttribute many):
                    return TensorData.Of(CollectionsMarshal.AsSpan(many.Values.ToList()), many.Values.Count);
                case ("value_int", IntAttribute one):
                    return TensorData.Of([one.Value]);
                case ("value_ints", IntsAttribute many):
                    return TensorData.Of(CollectionsMarshal.AsSpan(many.Values.ToList()), many.Values.Count);
                case ("value_string", StringAttribute one):
                    return Text([], one.Bytes);
                case ("value_strings", StringsAttribute many):
                    return Text([many.Values.Count], [.. many.Values]);
                default:
                    continue;
            }
        }

        return null;
    }

    // An initializer's tensor is named by its value.
    private static TensorData WithoutName(TensorData data) =>
        new(data.Element, data.Dims, () => data.Bytes)
        {
            DocString = data.DocString,
            Encoding = data.Encoding,
            Strings = data.Strings,
            ExternalEntries = data.ExternalEntries,
            Preserved = data.Preserved,
        };

    private static TensorData Text(IReadOnlyList<long> dims, params ReadOnlyMemory<byte>[] strings) =>
        new(ElementType.String, dims, ReadOnlyMemory<byte>.Empty) { Strings = strings, Encoding = TensorEncoding.Typed };
}
