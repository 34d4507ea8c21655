using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators;

/// <summary>Infers element types and shapes of all values of a model, with symbolic dimensions.</summary>
/// <remarks>
/// What is inferred wins; the types that a file declares fill in what inference leaves open. Odd models never stop it: a node
/// that makes no sense leaves its outputs unknown and is listed in <see cref="ShapeMap.Conflicts"/>. Bodies of local functions
/// are not entered.
/// </remarks>
public static class ShapeInference
{
    /// <summary>Infers without changing the model; graph inputs may be given other shapes than they declare.</summary>
    /// <param name="model">The model; its nodes stand in execution order.</param>
    /// <param name="inputShapes">
    /// Shapes of graph inputs. Where they are no special case of the declared ones, declared types of computed values would be
    /// stale, and only their element types are used.
    /// </param>
    public static ShapeMap Infer(Model model, IReadOnlyDictionary<Value, Shape>? inputShapes = null) =>
        Infer(model, inputShapes, null);

    /// <summary>Infers, and lets the caller put another shape in place of the one that follows for a computed value.</summary>
    /// <param name="model">The model; its nodes stand in execution order.</param>
    /// <param name="inputShapes">Shapes of graph inputs, as for the other overload.</param>
    /// <param name="replace">
    /// Asked for every value that a node of the main graph computes, with what is known up to it: the shape that the nodes behind
    /// it shall see, or null to leave the inferred one.
    /// </param>
    public static ShapeMap Infer(Model model, IReadOnlyDictionary<Value, Shape>? inputShapes, Func<Value, ShapeMap,
        Shape?>? replace)
    {
        var map = new ShapeMap();
        new ShapeEngine(model, RuleOf, map, DeclaredTypes.For(inputShapes), replace).Run(inputShapes);
        return map;
    }

    /// <summary>
    /// Infers from what holds whatever the file declares: numbers of inputs and constants. A symbol that inputs share is taken
    /// for their own only where it stands first, as ONNX Runtime doesn't hold inputs to it.
    /// </summary>
    internal static ShapeMap InferUndeclared(Model model)
    {
        var seen = new HashSet<Dim>();
        var shapes = model.Graph.Inputs.Where(i => i.Initializer is null && i.Shape is not null)
            .ToDictionary(i => i, i => new Shape(i.Shape!.Select(d => d.IsKnown || seen.Add(d) ? d : Dim.Unknown)));
        var map = new ShapeMap();
        new ShapeEngine(model, RuleOf, map, DeclaredTypes.ElementsOnly).Run(shapes);
        return map;
    }

    /// <summary>
    /// Infers from what the graph inputs declare alone: what follows holds for every input the model takes, whatever the file
    /// says of the values it computes.
    /// </summary>
    public static ShapeMap InferFromInputs(Model model)
    {
        var map = new ShapeMap();
        var inputs = model.Graph.Inputs.Where(v => v.Shape is not null).ToDictionary(v => v, v => v.Shape!);
        new ShapeEngine(model, RuleOf, map, DeclaredTypes.ElementsOnly).Run(inputs);
        return map;
    }

    /// <summary>Infers and writes the types to the values that nodes compute, in nested graphs too.</summary>
    public static ShapeMap Apply(Model model)
    {
        var map = Infer(model);
        foreach (var value in model.Graph.AllNodes.SelectMany(n => n.Outputs).OfType<Value>())
        {
            if (value.Type is OtherType || map.TypeOf(value) is not { } found)
                continue;
            var declared = value.Tensor;
            value.Type = found with
            {
                Denotation = declared?.Denotation ?? "",
                DimDenotations = declared?.Shape?.Rank == found.Shape?.Rank ? declared?.DimDenotations : null,
            };
        }

        return map;
    }

    private static ShapeRule? RuleOf(string opType) => OperatorTable.Find(opType)?.Shape;
}
