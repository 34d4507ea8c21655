using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;

namespace MsSrConvert.Method;

/// <summary>The two resamplers of the method: averaging 2×2 pixels on the way down, repeating pixels on the way up.</summary>
internal static class Resampling
{
    private const string FactorsName = "mssr/up2_factors";

    /// <summary>An AveragePool of 2×2 with stride 2, no pads.</summary>
    public static Node Down(Value x, Value output, string name) => new Node("AveragePool", [x], [output], name)
        .With("kernel_shape", [2, 2]).With("strides", [2, 2]).With("pads", [0, 0, 0, 0]).With("ceil_mode", 0);

    /// <summary>True for a node that <see cref="Down"/> made, or one just like it.</summary>
    public static bool IsDown(Node? node) => node is not null && node.Is("AveragePool")
        && node.GetInts("kernel_shape") is [2, 2] && node.GetInts("strides") is [2, 2]
        && node.GetInts("pads") is null or [0, 0, 0, 0] && node.GetInt("ceil_mode", 0) == 0
        && node.GetInts("dilations") is null or [1, 1] && node.GetString("auto_pad", "NOTSET") == "NOTSET";

    /// <summary>A nearest-neighbour Resize by 2 that repeats every pixel, in the form runtimes do fastest.</summary>
    public static Node Up(Value x, Value factors, Value output, string name) =>
        new Node("Resize", [x, null, factors], [output], name)
        .With("mode", "nearest").With("coordinate_transformation_mode", "asymmetric").With("nearest_mode", "floor");

    /// <summary>True for a node that <see cref="Up"/> made, or one just like it.</summary>
    public static bool IsUp(Node? node) => node is not null && node.Is("Resize") && node.GetString("mode", "nearest") == "nearest"
        && node.GetString("coordinate_transformation_mode", "half_pixel") == "asymmetric"
        && node.GetString("nearest_mode", "round_prefer_floor") == "floor" && !node.Attributes.ContainsKey("axes")
        && node.Input(3) is null && node.Input(2).Constant() is { Element: ElementType.Float } factors
        && factors.ToFloats() is [1, 1, 2, 2];

    /// <summary>The factors 1, 1, 2, 2, once per graph.</summary>
    public static Value Factors(Graph graph) => graph.Initializers.FirstOrDefault(v => v.Name == FactorsName)
        ?? graph.AddInitializer(FactorsName, TensorData.Of([1f, 1f, 2f, 2f], 4));
}
