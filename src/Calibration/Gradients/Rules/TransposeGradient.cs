using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>Transpose: the axes go back.</summary>
internal sealed class TransposeGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["Transpose"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        var rank = builder.Dims(node.Output).Length;
        var order = node.GetInts("perm") ?? [.. Enumerable.Range(0, rank).Reverse().Select(a => (long)a)];
        long[] back = [.. Enumerable.Range(0, rank).Select(a => (long)order.Index().First(o => o.Item == a).Index)];
        builder.Give(node.Input(0), builder.Emit("Transpose", [builder.Of(node.Output)], n => n.With("perm", back)));
        return true;
    }
}
