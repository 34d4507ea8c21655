using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Versions;

/// <summary>
/// Writes the operators that a back end doesn't know in operators that it does, by their decompositions: an operator that has a
/// decomposition works in every back end.
/// </summary>
internal static class Lowering
{
    /// <summary>
    /// A model of the known operators; the given one where nothing has to be rewritten, else a copy in which the values of the
    /// main graph keep their names and the constants that nodes read stay those tensors.
    /// </summary>
    /// <param name="model">The model; not changed.</param>
    /// <param name="knows">True for a node that the back end computes by itself.</param>
    public static LoweredModel Lower(Model model, Func<Node, bool> knows)
    {
        if (!model.Graph.Nodes.Any(node => HasDecomposition(node, knows)))
            return new LoweredModel(model, model);
        var copy = model.Copy();
        Apply(copy, knows);
        return new LoweredModel(model, copy);
    }

    /// <summary>Rewrites the nodes of the main graph in place; those without a decomposition stay.</summary>
    /// <param name="model">The model.</param>
    /// <param name="knows">True for a node that the back end computes by itself.</param>
    public static void Apply(Model model, Func<Node, bool> knows)
    {
        var emit = new Emitter(model);
        var opset = (int)model.Opset;
        var declined = new HashSet<Node>();
        // Again as long as something is rewritten: a decomposition may consist of operators that have one themselves.
        while (model.Graph.Nodes.Where(node => !declined.Contains(node) && HasDecomposition(node, knows))
            .ToArray() is { Length: > 0 } nodes)
        {
            var shapes = new Lazy<ShapeMap>(() => ShapeInference.Infer(model));
            foreach (var node in nodes)
            {
                var (opType, step) = (node.OpType,
                    new RewriteStep(node, opset, opset, emit, shapes, _ => { }) { KeepsWeights = true });
                try
                {
                    OperatorTable.Find(opType)!.Decomposition!(step);
                }
                catch (MsSrException)
                {
                    // The form has no decomposition: the back end says which node it doesn't know.
                }

                if (node.OpType == opType)
                    declined.Add(node);
            }
        }
    }

    private static bool HasDecomposition(Node node, Func<Node, bool> knows) =>
        node.IsStandard && OperatorTable.Find(node.OpType)?.Decomposition is not null && !knows(node);
}

/// <summary>A model and its form in the operators of a back end, whose values have the same names.</summary>
internal sealed class LoweredModel
{
    private readonly Dictionary<string, Value>? _values;
    private readonly Dictionary<string, Value>? _sources;

    /// <summary>Pairs the values of two models, which may be the same one.</summary>
    public LoweredModel(Model source, Model model)
    {
        (Source, Model) = (source, model);
        if (source != model)
            (_values, _sources) = (ByName(model), ByName(source));
    }

    /// <summary>The model as it was.</summary>
    public Model Source { get; }

    /// <summary>The model of known operators.</summary>
    public Model Model { get; }

    /// <summary>The value that stands for one of the source's main graph.</summary>
    public Value this[Value source] => _values is null ? source : _values[source.Name];

    /// <summary>The source's value that another stands for; the value itself where the source has none.</summary>
    public Value SourceOf(Value value) => _sources?.GetValueOrDefault(value.Name) ?? value;

    private static Dictionary<string, Value> ByName(
        Model model) => model.Graph.Values.DistinctBy(v => v.Name).ToDictionary(v => v.Name);
}
