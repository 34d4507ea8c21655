using MsSrConvert.GraphIR;

namespace MsSrConvert.Training.Operators;

/// <summary>Casts between floating-point types: training computes in 32 bits throughout, so they do nothing.</summary>
internal sealed class CastOperator : ITorchOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Cast"];

    public TorchStep Prepare(NodeContext context)
    {
        var to = (ElementType)context.Node.GetInt("to", 0);
        return to.IsFloatingPoint() ? TorchStep.Of(context.Node.Input(0), x => x.alias()) : throw context.Unsupported($"it casts to {to}");
    }
}
