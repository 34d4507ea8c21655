using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Operators;

namespace MsSrConvert.Passes.Normalize.Support;

/// <summary>Computes nodes whose inputs are all constant.</summary>
internal static class ConstantEvaluator
{
    /// <summary>The node's only output, or null where the operator, a type or a value is not one handled here.</summary>
    public static TensorData? Evaluate(Node node)
    {
        if (!node.IsStandard || node.Inputs.Any(v => v is not null && v.Constant() is null))
            return null;
        var inputs = node.Inputs.Select(v => v.Constant()).ToArray();
        if (inputs.Length == 0 || inputs[0] is not { } data || !TensorMovement.CanMove(data))
            return null;
        return OperatorTable.Find(node.OpType)?.Evaluate?.Invoke(node, data, inputs);
    }
}
