using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>Split's gradients are put together again, with zeros for a part that nothing depends on.</summary>
internal sealed class SplitGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["Split"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        var parts =
            node.Outputs.Select(v => v is null ? null : builder.Of(v) ?? builder.Emit("Mul", [v, builder.Number(0)])).ToArray();
        if (parts.Contains(null))
            return false;
        builder.Give(node.Input(0), builder.Emit("Concat", parts, n => n.With("axis", node.GetInt("axis", 0))));
        return true;
    }
}
