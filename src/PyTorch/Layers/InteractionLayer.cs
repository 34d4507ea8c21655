using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.PyTorch.Code;

namespace MsSrConvert.PyTorch.Layers;

/// <summary>
/// The mapping/interaction layer (claims 1 and 4-9): out_i = W * x_i + sum_j K_ji(x_j) + b, where W and b are shared by all
/// branches; from a finer branch x_j is halved before its kernel, from a coarser one the result is doubled after it.
/// </summary>
internal sealed class InteractionLayer : Step
{
    private readonly string _source;
    private readonly Node[] _same;
    private readonly IReadOnlyDictionary<(int From, int To), Node> _cross;
    private readonly Geometry _geometry;
    private readonly Value[] _outputs;

    private InteractionLayer(string source, Node[] same, IReadOnlyDictionary<(int From, int To), Node> cross, Geometry geometry,
        Value[] outputs) =>
        (_source, _same, _cross, _geometry, _outputs) = (source, same, cross, geometry, outputs);

    public override IEnumerable<Value> Inputs => _same.Select(c => c.Input(0)!);

    public override IEnumerable<Value> Outputs => _outputs;

    private int N => _same.Length;

    private bool IsAdjacent => _cross.Count == (2 * N) - 2 && _cross.Keys.All(k => Math.Abs(k.From - k.To) == 1);

    /// <summary>The layer of the given convs; null where its nodes aren't in the form that the converter writes.</summary>
    /// <param name="source">The name of the conv it replaces.</param>
    /// <param name="same">The same-scale convs, finest branch first.</param>
    /// <param name="cross">The cross-scale convs by the branches, from 0, that they connect.</param>
    public static InteractionLayer? Find(string source, Node[] same, IReadOnlyDictionary<(int From, int To), Node> cross)
    {
        if (Geometry.Of(same[0]) is not { } geometry || same.Concat(cross.Values).Any(c => Geometry.Of(c) != geometry))
            return null;
        if (Array.Exists(same, c => c.Input(1) != same[0].Input(1) || c.Input(2) != same[0].Input(2))
            || cross.Values.Any(c => c.Input(2) is not null))
        {
            return null;
        }

        var outputs = new Value[same.Length];
        for (var i = 0; i < same.Length; i++)
        {
            outputs[i] = LayerTerms.Sum(same[i], source, i);
            var wanted = cross.Where(c => c.Key.To == i).Select(c => new LayerTerm(c.Value, Math.Max(c.Key.From - i, 0))).Append(
                new LayerTerm(same[i], 0));
            if (LayerTerms.Of(outputs[i], source)?.ToHashSet().SetEquals(wanted) != true)
                return null;
        }

        var layer = new InteractionLayer(source, same, cross, geometry, outputs);
        var complete = layer.IsAdjacent || cross.Count == same.Length * (same.Length - 1);
        return complete
            && cross
            .All(c => LayerTerms.IsHalved(c.Value.Input(0)!, same[c.Key.From].Input(0)!, Math.Max(c.Key.To - c.Key.From, 0)))
            ? layer : null;
    }

    public override void Write(ForwardWriter code)
    {
        code.Comment(LayerComment.Of(ConvRole.Interaction, _source));
        code.Helpers.Add(IsAdjacent ? "interaction" : "interaction_full");
        string Kernels(Func<(int From, int To), bool> wanted) => PythonText.List(
            _cross.Where(c => wanted(c.Key)).OrderBy(c => c.Key.To).ThenBy(c => c.Key.From)
                .Select(c => code.Argument(c.Value, 1)));
        string[] kernels = IsAdjacent ? [Kernels(k => k.From < k.To), Kernels(k => k.From > k.To)] : [Kernels(_ => true)];
        string[] arguments = [PythonText.List(_same.Select(c => code.Argument(c, 0))), code.Argument(_same[0], 1),
            code.Argument(_same[0], 2), .. kernels];
        code.AssignBranches(_outputs,
            $"{(IsAdjacent ? "interaction" : "interaction_full")}({string.Join(", ", arguments.Concat(_geometry.Arguments))})");
    }
}
