using MsSrConvert.Training.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace MsSrConvert.Training.Operators;

/// <summary>PReLU with one slope, one per channel, or slopes of any shape that fits.</summary>
internal sealed class PReluOperator : ITorchOperator
{
    public IReadOnlyList<string> Operators { get; } = ["PRelu"];

    public TorchStep Prepare(NodeContext context)
    {
        var (x, slope) = (context.Dims(context.Node.Input(0)), context.Dims(context.Node.Input(1)));
        var count = slope.Aggregate(1L, (p, d) => p * d);
        var perChannel = x.Length == 4 && slope.Length is 3 or 4 && count == x[1] && slope[^3] == count;
        return TorchStep.Of(context.Node.Input(0), context.Node.Input(1), count == 1 || perChannel ? ByChannel : Broadcast);
    }

    private static Tensor ByChannel(Tensor x, Tensor slope)
    {
        using var flat = slope.reshape(-1);
        return prelu(x, flat);
    }

    private static Tensor Broadcast(Tensor x, Tensor slope)
    {
        using var scaled = x * slope;
        using var negative = x.lt(Scalars.Zero);
        return where(negative, scaled, x);
    }
}
