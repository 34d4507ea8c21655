using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>A pixel shuffle's gradient is shuffled back.</summary>
internal sealed class PixelShuffleGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["DepthToSpace", "SpaceToDepth"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        var block = node.GetInt("blocksize", 1);
        if (node.Is("SpaceToDepth"))
        {
            builder.Give(node.Input(0), builder.Emit("DepthToSpace", [builder.Of(node.Output)], n => n.With("blocksize", block)));
            return true;
        }

        var deep = builder.Emit("SpaceToDepth", [builder.Of(node.Output)], n => n.With("blocksize", block));
        if (node.GetString("mode", "DCR") == "CRD")
        {
            // SpaceToDepth puts whole copies of the channels behind each other; CRD keeps each channel's block together.
            var channels = builder.Dims(node.Output)[1];
            var order = Enumerable.Range(0,
                (int)(channels * block * block)).Select(i => i % (block * block) * channels + i / (block * block));
            deep = builder.Emit("Gather", [deep, builder.Integers([.. order])], n => n.With("axis", 1));
        }

        builder.Give(node.Input(0), deep);
        return true;
    }
}
