using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.PyTorch.Code;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>Resize of N,C,H,W in the ways that F.interpolate has.</summary>
internal sealed class ResizeOperator : IPythonOperator
{
    private const float CubicA = -0.75f;

    public IReadOnlyList<string> Operators { get; } = ["Resize"];

    public void Write(Node node, ForwardWriter code)
    {
        var x = code.Argument(node, 0);
        if (Resampling.IsUp(node))
        {
            code.Helpers.Add("up");
            code.Assign(node, $"up({x})");
            return;
        }

        if (code.Shape(node.Input(0)!).Rank != 4 || node.Attributes.ContainsKey("axes") || node.GetInt("antialias", 0) != 0)
            throw new NotInPyTorchException("it is not a plain resize of height and width");
        var scales = node.Input(3) is null ? Scales(node) : null;
        var size = scales is null
            ? $"size={PythonText.List(Sizes(node, code))}" : $"scale_factor={PythonText.List(scales.Select(PythonText.Of))}";
        code.Assign(node, $"F.interpolate({x}, {size}, {Mode(node, scales)})");
    }

    private static float[] Scales(Node node) => node.Input(2)?.Initializer?.ToFloats() is [1, 1, var height, var width]
        ? [height, width]
        : throw new NotInPyTorchException("its scales aren't constants of height and width");

    private static IEnumerable<string> Sizes(Node node, ForwardWriter code) =>
        code.Sizes.Of(node.Input(3)) is [_, _, var height, var width]
        ? [height.Text, width.Text]
        : throw new NotInPyTorchException("its sizes aren't constants, nor computed from sizes alone");

    private static string Mode(Node node, float[]? scales)
    {
        var (mode, place) = (node.GetString("mode", "nearest"), node.GetString("coordinate_transformation_mode", "half_pixel"));
        return mode switch
        {
            "nearest" => Nearest(node, place, scales),
            "linear" when place is "half_pixel" or "pytorch_half_pixel" => "mode=\"bilinear\", align_corners=False",
            "linear" when place == "align_corners" => "mode=\"bilinear\", align_corners=True",
            "cubic" when node.GetFloat("cubic_coeff_a", CubicA) != CubicA || node.GetInt("exclude_outside", 0) != 0 =>
                throw new NotInPyTorchException("its cubic kernel isn't PyTorch's"),
            "cubic" when place is "half_pixel" or "pytorch_half_pixel" => "mode=\"bicubic\", align_corners=False",
            "cubic" when place == "align_corners" => "mode=\"bicubic\", align_corners=True",
            _ => throw new NotInPyTorchException($"PyTorch has no {mode} resize with coordinates of {place}"),
        };
    }

    private static string Nearest(Node node, string place, float[]? scales)
    {
        var rounding = node.GetString("nearest_mode", "round_prefer_floor");
        // Where every pixel is repeated a whole number of times, pixel centres never fall between two source pixels.
        var enlarges = scales is not null && Array.TrueForAll(scales, s => s >= 1 && s == MathF.Round(s));
        return (place, rounding) switch
        {
            ("asymmetric", "floor") => "mode=\"nearest\"",
            ("half_pixel" or "pytorch_half_pixel", "round_prefer_ceil") => "mode=\"nearest-exact\"",
            ("half_pixel" or "pytorch_half_pixel", "round_prefer_floor") when enlarges => "mode=\"nearest-exact\"",
            _ => throw new NotInPyTorchException(
                $"PyTorch has no nearest resize with coordinates of {place} and rounding {rounding}"),
        };
    }
}
