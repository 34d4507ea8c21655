using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>Concat's gradient is taken apart again.</summary>
internal sealed class ConcatGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["Concat"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        var axis = (int)node.GetInt("axis", 1);
        var rank = builder.Dims(node.Output).Length;
        var inputs = node.Inputs.OfType<Value>().ToArray();
        var widths = inputs.Select(v => builder.Dims(v)[axis < 0 ? axis + rank : axis]).ToArray();
        var parts = builder.Emit("Split", [builder.Of(node.Output), builder.Integers(widths)], inputs.Length,
            n => n.With("axis", axis));
        for (var i = 0; i < inputs.Length; i++)
            builder.Give(inputs[i], parts[i]);
        return true;
    }
}
