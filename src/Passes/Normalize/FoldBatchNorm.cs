using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize.Support;

namespace MsSrConvert.Passes.Normalize;

/// <summary>
/// Folds a BatchNormalization at inference into the Conv or ConvTranspose right before it, whose only reader it is. Computed in
/// double precision and rounded once.
/// </summary>
/// <remarks>
/// A kernel that other nodes read too stays as it is, with its BatchNormalization: folding would untie what is tied. A
/// BatchNormalization in front of a conv stays as well, since padding comes between the two.
/// </remarks>
public sealed class FoldBatchNorm : IPass
{
    /// <inheritdoc/>
    public string Name => "fold-batch-norm";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var changes = 0;
        var emit = new Emitter(model);
        foreach (var norm in model.Graph.AllNodes.Where(n => n.Is("BatchNormalization")).ToArray())
        {
            if (ConvWeights.SoleProducer(norm.Input(0), norm) is not { } conv || conv.Input(1)!.Uses.Count != 1
                || !IsConstant(norm))
            {
                continue;
            }

            Fold(norm, conv, emit);
            changes++;
        }

        return new PassResult(changes);
    }

    private static bool IsConstant(Node norm) =>
        norm.IntOf("training_mode") == 0 && norm.Outputs.Skip(1).All(o => o is null or { IsUnused: true })
        && Enumerable.Range(1, 4).All(i => norm.Input(i).ConstantDoubles() is not null);

    private static void Fold(Node norm, Node conv, Emitter emit)
    {
        double[] Parameter(int index) => norm.Input(index).ConstantDoubles()!;
        var (scale, shift, mean, variance) = (Parameter(1), Parameter(2), Parameter(3), Parameter(4));
        double epsilon = norm.FloatOf("epsilon");
        var factors = scale.Zip(variance, (s, v) => s / Math.Sqrt(v + epsilon)).ToArray();
        var bias = ConvWeights.Bias(conv);
        for (var i = 0; i < bias.Length; i++)
            bias[i] = ((bias[i] - mean[i]) * factors[i]) + shift[i];
        conv.Graph!.SetInitializer(conv.Input(1)!, ConvWeights.ScaledKernel(conv, factors));
        ConvWeights.SetBias(conv, bias, emit);
        norm.TruncateOutputs(1);
        GraphEdits.TakeOutput(conv, norm);
    }
}
