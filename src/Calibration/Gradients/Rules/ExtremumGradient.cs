using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>Min and Max give the gradient to the operand that was chosen (to all of them where several are alike).</summary>
internal sealed class ExtremumGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["Min", "Max"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        var dims = builder.Dims(node.Output);
        foreach (var input in node.Inputs.Where(builder.Wants).Distinct())
        {
            var chosen = builder.Emit("Equal", [input, node.Output]);
            var gradient = builder.Emit("Where", [chosen, builder.Of(node.Output), builder.Number(0)]);
            builder.Give(input, builder.Reduced(gradient, dims, builder.Dims(input!)));
        }

        return true;
    }
}
