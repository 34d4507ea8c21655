using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>Operators that hand their input on.</summary>
internal sealed class IdentityGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["Identity", "Dropout"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        builder.Give(node.Input(0), builder.Of(node.Output)!);
        return true;
    }
}
