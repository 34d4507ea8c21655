using static TorchSharp.torch.nn.functional;

namespace MsSrConvert.Training.Operators;

/// <summary>Pixel shuffle, in both orders of the channels.</summary>
internal sealed class DepthToSpaceOperator : ITorchOperator
{
    public IReadOnlyList<string> Operators { get; } = ["DepthToSpace"];

    public TorchStep Prepare(NodeContext context)
    {
        var (node, dims, output) = (context.Node, context.Dims(context.Node.Input(0)), context.OutputDims);
        var block = node.GetInt("blocksize", 1);
        if (node.GetString("mode", "DCR") == "CRD")
            return TorchStep.Of(node.Input(0), x => pixel_shuffle(x, block));
        long[] apart = [dims[0], block, block, output[1], dims[2], dims[3]];
        return TorchStep.Of(node.Input(0), x =>
        {
            using var blocks = x.reshape(apart);
            using var turned = blocks.permute(0, 3, 4, 1, 5, 2);
            return turned.reshape(output);
        });
    }
}
