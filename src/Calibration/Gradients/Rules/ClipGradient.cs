using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>Clip passes the gradient where it changes nothing.</summary>
internal sealed class ClipGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["Clip"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        var same = builder.Emit("Equal", [node.Input(0), node.Output]);
        builder.Give(node.Input(0), builder.Emit("Where", [same, builder.Of(node.Output), builder.Number(0)]));
        return true;
    }
}
