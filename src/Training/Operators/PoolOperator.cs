using static TorchSharp.torch.nn.functional;

namespace MsSrConvert.Training.Operators;

/// <summary>Pooling over windows.</summary>
internal sealed class PoolOperator : ITorchOperator
{
    public IReadOnlyList<string> Operators { get; } = ["AveragePool", "MaxPool"];

    public TorchStep Prepare(NodeContext context)
    {
        var node = context.Node;
        context.RequireImage(node.Input(0));
        var window = Window.Of(context);
        var kernel = node.GetInts("kernel_shape")!.ToArray();
        var ceil = node.GetInt("ceil_mode", 0) != 0;
        if (!window.IsEven || (node.OpType != "MaxPool" && window.Dilations.Any(d => d != 1)))
            throw context.Unsupported("its pads differ from side to side, or it is dilated");
        var countsPads = node.GetInt("count_include_pad", 0) != 0;
        return TorchStep.Of(node.Input(0), node.Is("MaxPool")
            ? x => max_pool2d(x, kernel, window.Strides, window.EvenPads, window.Dilations, ceil)
            : x => avg_pool2d(x, kernel, window.Strides, window.EvenPads, ceil, countsPads));
    }
}
