using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Normalize;

/// <summary>
/// Makes a Concat of a ScatterND that puts a run of channels in the place of others, which is how exporters write the assignment
/// to a slice in a partial conv: <c>x[:, a:b] = y</c>.
/// </summary>
/// <remarks>The run is given by its place in (N,C,H,W), or in (C,N,H,W) between two Transposes.</remarks>
public sealed class ScatterToConcat : IPass
{
    private static readonly long[] Exchange = [1, 0, 2, 3];

    /// <inheritdoc/>
    public string Name => "scatter-to-concat";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var scatters = model.Graph.AllNodes.Where(n => n.Is("ScatterND") && n.TextOf("reduction") == "none").ToArray();
        if (scatters.Length == 0)
            return new PassResult(0);
        var shapes = ShapeInference.Infer(model, InputSizes.AnySize(model));
        var emit = new Emitter(model);
        return new PassResult(scatters.Count(node => Rewrite(node, shapes, emit)));
    }

    private static bool Rewrite(Node scatter, ShapeMap shapes, Emitter emit)
    {
        var (data, updates) = (scatter.Input(0)!, scatter.Input(2)!);
        if (scatter.Input(1).Constant() is not { Element: ElementType.Int64 } indices
            || shapes.ShapeOf(data) is not { Rank: 4 } shape)
        {
            return false;
        }

        if (RunOfPairs(indices, shape) is { } start && shapes.ShapeOf(updates) is { Rank: 4 })
        {
            Join(scatter, scatter, (data, updates), (start, indices.Dims[1], shape[1].Value), emit);
            return true;
        }

        if (RunOfFirst(indices, shape) is not { } first || Exchanged(data) is not { } source || Exchanged(updates) is not { } part
            || scatter.Output is not { IsGraphOutput: false, Uses: [{ Node: var back }] } || !IsExchange(back)
            || back.Graph != scatter.Graph)
        {
            return false;
        }

        Join(back, scatter, (source, part), (first, indices.Dims[0], shape[0].Value), emit);
        GraphEdits.RemoveIfUnused(scatter);
        return true;
    }

    // Indices of [N, c, 2]: (n, start + k) for every image n and the k-th channel of the run.
    private static long? RunOfPairs(TensorData indices, Shape shape)
    {
        if (indices.Dims is not [var batch, var count, 2] || shape[0] != Dim.Known(batch) || !shape[1].IsKnown || count == 0)
            return null;
        var places = indices.ToInt64s();
        var start = places[1];
        var isRun = Enumerable.Range(0,
            (int)(batch * count)).All(i => places[2 * i] == i / count && places[2 * i + 1] == start + i % count);
        return isRun && start >= 0 && start + count <= shape[1].Value ? start : null;
    }

    // Indices of [c, 1]: start + k for the k-th channel of the run.
    private static long? RunOfFirst(TensorData indices, Shape shape)
    {
        if (indices.Dims is not [var count, 1] || !shape[0].IsKnown || count == 0)
            return null;
        var places = indices.ToInt64s();
        return places.Select((place, i) => place == places[0] + i).All(same => same) && places[0] >= 0
            && places[0] + count <= shape[0].Value ? places[0] : null;
    }

    private static bool IsExchange(Node? node) =>
        node is not null && node.Is("Transpose") && node.GetInts("perm") is { } perm && perm.SequenceEqual(Exchange);

    private static Value? Exchanged(Value value) => IsExchange(value.Producer) ? value.Producer!.Input(0) : null;

    // The channels before the run, the run, the channels behind it.
    private static void Join(Node node, Node owner, (Value Data, Value Updates) values, (long Start, long Count, long All) run,
        Emitter emit)
    {
        var parts = new List<Value>();
        void Keep(string what, long from, long to)
        {
            if (from < to)
            {
                parts.Add(
                    emit.Before(owner, "Slice", what, values.Data, emit.Ints(owner, $"{what}_start", from),
                        emit.Ints(owner, $"{what}_end", to), emit.Ints(owner, $"{what}_axis", 1)).Output);
            }
        }

        Keep("before", 0, run.Start);
        parts.Add(values.Updates);
        Keep("behind", run.Start + run.Count, run.All);
        node.OpType = "Concat";
        node.Attributes.Clear();
        node.With("axis", 1);
        for (var i = 0; i < parts.Count; i++)
            node.SetInput(i, parts[i]);
        node.TruncateInputs(parts.Count);
    }
}
