using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>Repeating pixels a whole number of times adds up their gradients.</summary>
internal sealed class NearestResizeGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["Resize"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        var (input, output) = (builder.Dims(node.Input(0)!), builder.Dims(node.Output));
        var (rows, columns) = (output[2] / input[2], output[3] / input[3]);
        var repeats = node.GetString("mode", "nearest") == "nearest" && rows * input[2] == output[2]
            && columns * input[3] == output[3]
            && (node.GetString("coordinate_transformation_mode", "half_pixel"),
                node.GetString("nearest_mode", "round_prefer_floor"))
                is ("asymmetric", "floor") or ("half_pixel", "round_prefer_floor") or ("pytorch_half_pixel", "round_prefer_floor")
                or ("half_pixel", "round_prefer_ceil");
        if (!repeats)
            return false;
        var mean = builder.Emit("AveragePool", [builder.Of(node.Output)],
            n => n.With("kernel_shape", [rows, columns]).With("strides", [rows, columns]));
        builder.Give(node.Input(0), builder.Emit("Mul", [mean, builder.Number(rows * columns)]));
        return true;
    }

    /// <summary>Repeats pixels.</summary>
    public static Value Repeat(GradientBuilder builder, Value x, long rows, long columns) =>
        builder.Emit("Resize", [x, null, builder.Floats(1, 1, rows, columns)], n => n
            .With("mode", "nearest").With("coordinate_transformation_mode", "asymmetric").With("nearest_mode", "floor"));
}
