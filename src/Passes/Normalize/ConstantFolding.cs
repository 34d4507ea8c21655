using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Cleanup;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize.Support;

namespace MsSrConvert.Passes.Normalize;

/// <summary>
/// Computes what can be computed before run time: nodes of constants, sizes that follow from the inputs' fixed dimensions, and
/// the branch that an If with a constant condition takes. The results are initializers named after the node's outputs.
/// </summary>
/// <remarks>
/// Two nodes that do the same to the same initializer give one new initializer, so kernels tied in the file stay tied. Random
/// operators, results above 64 MiB and what grows a file by more than 256 MiB in all stay nodes.
/// </remarks>
/// <param name="evaluate">Computes the operators that aren't computed here; null to leave them.</param>
public sealed class ConstantFolding(NodeEvaluator? evaluate = null) : IPass
{
    private const double Finest = 1024;

    /// <inheritdoc/>
    public string Name => "constant-folding";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var changes = 0;
        int last;
        do
        {
            // What is computed may give the shapes of what comes later, and a branch that is taken more to compute.
            last = Fold(model) + TakeBranches(model);
            changes += last;
        }
        while (last > 0);
        return new PassResult(changes);
    }

    private int Fold(Model model)
    {
        var changes = 0;
        var keys = new NodeKeys();
        var shapes = ShapeInference.InferFromInputs(model);
        var limits = new FoldingLimits(shapes);
        foreach (var graph in model.AllGraphs().ToArray())
        {
            var folded = new Dictionary<string, Value?[]>();
            foreach (var node in graph.Nodes.Where(FoldingLimits.IsFoldable).ToArray())
                changes += Fold(node, model.Opset, limits, keys, folded) || FoldSize(node, shapes) ? 1 : 0;
        }

        return changes;
    }

    private bool Fold(Node node, long opset, FoldingLimits limits, NodeKeys keys, Dictionary<string, Value?[]> folded)
    {
        if (node.Inputs.Count == 0 || node.Inputs.Any(v => v is not null && v.Constant() is null))
            return false;
        if (node.Is("Identity"))
        {
            node.Output.RedirectReads(node.Input(0)!);
            node.Graph!.Remove(node);
            return true;
        }

        var key = keys.Of(node, i => IsParameter(node, i));
        if (key is not null && folded.TryGetValue(key, out var known))
        {
            foreach (var (output, same) in node.Outputs.Zip(known))
                output?.RedirectReads(same!);
            node.Graph!.Remove(node);
            return true;
        }

        if (Evaluate(node, opset, limits) is not { } results)
            return false;
        Value?[] values = [.. node.Outputs];
        GraphEdits.ReplaceByInitializers(node, results);
        limits.Spend(results);
        if (key is not null)
            folded[key] = values;
        return true;
    }

    private IReadOnlyList<TensorData>? Evaluate(Node node, long opset, FoldingLimits limits)
    {
        if (!limits.Allow(node))
            return null;
        if (node.Outputs.Count == 1 && ConstantEvaluator.Evaluate(node) is { } data)
            return [data];
        return evaluate is not null && limits.AllowRuntime(node) ? evaluate(node, opset) : null;
    }

    // Sizes, counts and truths that are the same for every input the model takes.
    private static bool FoldSize(Node node, ShapeMap shapes)
    {
        if (node.Graph is null || node.Outputs is not [{ } output]
            || shapes.TypeOf(output) is not { Shape: { IsKnown: true } shape } type
            || ContentOf(output, type.Element, shape.ToArray(), shapes) is not { } data)
        {
            return false;
        }

        GraphEdits.ReplaceByInitializers(node, [data]);
        return true;
    }

    private static TensorData? ContentOf(Value value, ElementType element, long[] dims, ShapeMap shapes)
    {
        if (element.IsInteger())
        {
            return shapes.ContentOf(value) is { } content
                && content.All(d => d.IsKnown) ? TensorNumbers.OfInts(element, [.. content.Select(d => d.Value)], dims) : null;
        }
        // Scales that are the quotient of two sizes: those that arithmetic in any precision gives.
        return element == ElementType.Float && shapes.NumbersOf(value) is { } numbers
            && numbers.All(v => v * Finest == Math.Truncate(v * Finest) && Math.Abs(v) < Finest)
            ? TensorNumbers.OfDoubles(element, [.. numbers], dims)
            : null;
    }

    private static int TakeBranches(Model model)
    {
        var inliner = new BodyInliner(model);
        var taken = 0;
        foreach (var node in model.Graph.AllNodes.Where(n => n.Is("If")).ToArray())
        {
            // A body that was taken before may hold this node.
            if (node.Graph is not { } graph || !model.AllGraphs().Contains(graph)
                || node.Input(0).Constant() is not { Element: ElementType.Bool, Count: 1 } condition)
            {
                continue;
            }

            if (!node.TryAttribute<GraphAttribute>(condition.Bytes.Span[0] != 0 ? "then_branch" : "else_branch", out var branch))
                continue;
            inliner.Inline(node, branch.Value);
            taken++;
        }

        return taken;
    }

    // What is compared by content where two nodes work on the same data: shapes, axes, ranges, and single numbers beside a
    // tensor.
    private static bool IsParameter(Node node, int index) => node.Input(index)?.Constant() is { } data
        && (
            data.Element.IsInteger()
                || (
                    data.Count == 1
                        && node.Inputs
                        .Any(other => other.Constant() is { Count: > 1 } whole && whole.Element.IsFloatingPoint())));
}
