using static TorchSharp.torch.nn.functional;

namespace MsSrConvert.Training.Operators;

/// <summary>Two-dimensional transposed convolution; pads that differ from side to side are cut off afterwards.</summary>
internal sealed class ConvTransposeOperator : ITorchOperator
{
    public IReadOnlyList<string> Operators { get; } = ["ConvTranspose"];

    public TorchStep Prepare(NodeContext context)
    {
        var node = context.Node;
        context.RequireImage(node.Input(0));
        if (node.GetInts("output_shape") is not null)
            throw context.Unsupported("it states its output's shape");
        var window = Window.Of(context);
        var group = node.GetInt("group", 1);
        var extra = node.GetInts("output_padding")?.ToArray() ?? [0, 0];
        var (height, width) = (context.OutputDims[2], context.OutputDims[3]);
        return TorchStep.Of(node.Inputs, x =>
        {
            var bias = x.Length > 2 ? x[2] : null;
            if (window.IsEven)
                return conv_transpose2d(x[0], x[1], bias, window.Strides, window.EvenPads, extra, window.Dilations, group);
            using var whole = conv_transpose2d(x[0], x[1], bias, window.Strides, [0, 0], extra, window.Dilations, group);
            using var rows = whole.narrow(2, window.Pads[0], height);
            return rows.narrow(3, window.Pads[1], width);
        });
    }
}
