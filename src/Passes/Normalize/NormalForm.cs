using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Costs;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Normalize;

/// <summary>A model in the form that conversions begin with.</summary>
public static class NormalForm
{
    /// <summary>
    /// Counts a model as it was read, at the given height and width where it leaves them open; weights held by Constant nodes are made
    /// initializers, and what is computed from constants is left out.
    /// </summary>
    public static ModelCost CostAt(Model model, long height, long width, NodeEvaluator? evaluate = null)
    {
        new PassRunner().Run(model, new PassContext(), [.. Normalization.Lift(), new ConstantFolding(evaluate)]);
        return CostModel.Count(model, CostModel.InputShapes(model, height, width));
    }
}
