using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>
/// DepthToSpace and SpaceToDepth. PyTorch's own shuffles keep the channels outermost, ONNX's older form the blocks.
/// </summary>
internal sealed class PixelShuffleOperator : IPythonOperator
{
    public IReadOnlyList<string> Operators { get; } = ["DepthToSpace", "SpaceToDepth"];

    public void Write(Node node, ForwardWriter code)
    {
        var arguments = $"{code.Argument(node, 0)}, {ForwardWriter.Text(node.GetInt("blocksize", 0))}";
        if (node.Is("DepthToSpace") && node.GetString("mode", "DCR") == "CRD")
        {
            code.Assign(node, $"F.pixel_shuffle({arguments})");
            return;
        }

        var helper = node.Is("DepthToSpace") ? "depth_to_space" : "space_to_depth";
        code.Helpers.Add(helper);
        code.Assign(node, $"{helper}({arguments})");
    }
}
