using MsSrConvert.Operators;
using static TorchSharp.torch.nn.functional;

namespace MsSrConvert.Training.Operators;

/// <summary>Normalisation of every channel of every image by its own mean and variance.</summary>
internal sealed class InstanceNormalizationOperator : ITorchOperator
{
    public IReadOnlyList<string> Operators { get; } = ["InstanceNormalization"];

    public TorchStep Prepare(NodeContext context)
    {
        var epsilon = context.Node.FloatOf("epsilon");
        return TorchStep.Of(context.Node.Inputs, x => instance_norm(x[0], weight: x[1], bias: x[2], eps: epsilon));
    }
}
