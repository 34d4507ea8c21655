namespace MsSrConvert.Training.Operators;

/// <summary>Turns blocks of pixels into channels, the block's place first.</summary>
internal sealed class SpaceToDepthOperator : ITorchOperator
{
    public IReadOnlyList<string> Operators { get; } = ["SpaceToDepth"];

    public TorchStep Prepare(NodeContext context)
    {
        var (node, dims, output) = (context.Node, context.Dims(context.Node.Input(0)), context.OutputDims);
        var block = node.GetInt("blocksize", 1);
        long[] apart = [dims[0], dims[1], output[2], block, output[3], block];
        return TorchStep.Of(node.Input(0), x =>
        {
            using var blocks = x.reshape(apart);
            using var turned = blocks.permute(0, 3, 5, 1, 2, 4);
            return turned.reshape(output);
        });
    }
}
