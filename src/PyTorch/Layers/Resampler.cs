using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Layers;

/// <summary>Recognises the method's two resamplers.</summary>
internal static class Resampler
{
    /// <summary>True for a node that halves height and width by averaging 2×2 pixels.</summary>
    public static bool IsDown(Node? node) => node is not null && node.Is("AveragePool")
        && node.GetInts("kernel_shape") is [2, 2] && node.GetInts("strides") is [2, 2]
        && node.GetInts("pads") is null or [0, 0, 0, 0] && node.GetInt("ceil_mode", 0) == 0
        && node.GetInts("dilations") is null or [1, 1] && node.GetString("auto_pad", "NOTSET") is "NOTSET" or "VALID";

    /// <summary>True for a node that doubles height and width by repeating pixels.</summary>
    public static bool IsUp(Node? node) => node is not null && node.Is("Resize") && node.GetString("mode", "nearest") == "nearest"
        && node.GetString("coordinate_transformation_mode", "half_pixel") == "asymmetric"
        && node.GetString("nearest_mode", "round_prefer_floor") == "floor" && !node.Attributes.ContainsKey("axes")
        && node.Input(3) is null && node.Input(2)?.Initializer is { Element: ElementType.Float } scales && scales.ToFloats() is [1, 1, 2, 2];
}
