using static TorchSharp.torch;

namespace MsSrConvert.Training.Operators;

/// <summary>Picks by known indices along an axis.</summary>
internal sealed class GatherOperator : ITorchOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Gather"];

    public TorchStep Prepare(NodeContext context)
    {
        var dims = context.Dims(context.Node.Input(0));
        var axis = NodeContext.Axis(context.Node.GetInt("axis", 0), dims.Length);
        var picked = Array.ConvertAll(context.Integers(1)!, i => i < 0 ? i + dims[axis] : i);
        var shape = context.OutputDims;
        return TorchStep.Of(context.Node.Input(0), x =>
        {
            using var index = tensor(picked, device: x.device);
            using var rows = x.index_select(axis, index);
            return rows.reshape(shape);
        });
    }
}
