using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>Expand: the gradients of all copies are added.</summary>
internal sealed class ExpandGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["Expand"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        var x = node.Input(0)!;
        builder.Give(x, builder.Reduced(builder.Of(node.Output)!, builder.Dims(node.Output), builder.Dims(x)));
        return true;
    }
}
