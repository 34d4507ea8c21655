using MsSrConvert.GraphIR;
using static TorchSharp.torch;

namespace MsSrConvert.Training.Operators;

/// <summary>Casts to floating-point types: training computes in 32 bits throughout, so that only truth values change.</summary>
internal sealed class CastOperator : ITorchOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Cast"];

    public TorchStep Prepare(NodeContext context)
    {
        var to = (ElementType)context.Node.GetInt("to", 0);
        return to.IsFloatingPoint()
            ? TorchStep.Of(context.Node.Input(0), x => x.is_floating_point() ? x.alias() : x.to_type(ScalarType.Float32))
            : throw context.Unsupported($"it casts to {to}");
    }
}
