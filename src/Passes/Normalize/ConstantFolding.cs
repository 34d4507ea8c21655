using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize.Support;

namespace MsSrConvert.Passes.Normalize;

/// <summary>
/// Computes what can be computed before run time: Unsqueeze, Squeeze, Reshape, Transpose, Cast, Identity, Concat, Slice, Gather,
/// Neg, Add, Sub, Mul and Div of constants become initializers named after the node's output.
/// </summary>
/// <remarks>
/// Two nodes that do the same to the same initializer give one new initializer, so kernels tied in the file stay tied.
/// </remarks>
public sealed class ConstantFolding : IPass
{
    private const long MaxBytes = 64L << 20;

    /// <inheritdoc/>
    public string Name => "constant-folding";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var changes = 0;
        var keys = new NodeKeys();
        foreach (var graph in model.AllGraphs().ToArray())
        {
            var folded = new Dictionary<string, Value>();
            foreach (var node in graph.Nodes.ToArray())
            {
                if (!IsCandidate(node))
                    continue;
                var key = keys.Of(node, i => IsParameter(node, i));
                if (key is not null && folded.TryGetValue(key, out var known))
                {
                    node.Output.RedirectReads(known);
                    graph.Remove(node);
                    changes++;
                }
                else if (ConstantEvaluator.Evaluate(node) is { } data)
                {
                    var value = node.Output;
                    GraphEdits.ReplaceByInitializer(node, data);
                    if (key is not null)
                        folded[key] = value;
                    changes++;
                }
            }
        }

        return new PassResult(changes);
    }

    private static bool IsCandidate(Node node) =>
        node.IsStandard && node.Inputs.Count > 0 && node.Outputs.Count == 1 && node.Outputs[0] is { IsGraphOutput: false }
        && node.Inputs.All(v => v is null || v.Constant() is not null)
        && ConstantEvaluator.OutputBytesBound(node) <= MaxBytes;

    // What is compared by content where two nodes work on the same data: shapes, axes, ranges.
    private static bool IsParameter(Node node, int index) =>
        index > 0 && node.OpType is "Unsqueeze" or "Squeeze" or "Reshape" or "Slice" or "Gather";
}
