using MsSrConvert.Operators;
using static TorchSharp.torch.nn.functional;

namespace MsSrConvert.Training.Operators;

/// <summary>Batch normalisation by the recorded mean and variance, which stay as they are; scale and shift are trained.</summary>
internal sealed class BatchNormalizationOperator : ITorchOperator
{
    public IReadOnlyList<string> Operators { get; } = ["BatchNormalization"];

    public TorchStep Prepare(NodeContext context)
    {
        var node = context.Node;
        if (node.GetInt("training_mode", 0) != 0)
            throw context.Unsupported("it is in training form");
        var epsilon = node.FloatOf("epsilon");
        return TorchStep.Of(node.Inputs, x => batch_norm(x[0], x[3], x[4], x[1], x[2], training: false, eps: epsilon));
    }
}
