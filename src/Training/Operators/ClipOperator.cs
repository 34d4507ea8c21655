using TorchSharp;

namespace MsSrConvert.Training.Operators;

/// <summary>Cuts off what lies outside two bounds, either of which may be absent.</summary>
internal sealed class ClipOperator : ITorchOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Clip"];

    public TorchStep Prepare(NodeContext context)
    {
        var low = (context.Numbers(1)?[0] ?? double.NegativeInfinity).ToScalar();
        var high = (context.Numbers(2)?[0] ?? double.PositiveInfinity).ToScalar();
        return TorchStep.Of(context.Node.Input(0), x => x.clamp(low, high));
    }
}
