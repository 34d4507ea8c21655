using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace MsSrConvert.Training.Operators;

/// <summary>Resizing of height and width: nearest in every form, linear and cubic in those that torch has.</summary>
internal sealed class ResizeOperator : ITorchOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Resize"];

    public TorchStep Prepare(NodeContext context)
    {
        var node = context.Node;
        context.RequireImage(node.Input(0));
        var (from, to) = (context.Dims(node.Input(0)), context.OutputDims);
        if (node.Attributes.ContainsKey("axes") || node.GetInt("antialias", 0) != 0 || from[0] != to[0] || from[1] != to[1])
            throw context.Unsupported("it resizes other axes than height and width, or with antialiasing");
        var coordinates = node.GetString("coordinate_transformation_mode", "half_pixel");
        var scales = context.Numbers(2);
        double[] factors = scales is [_, _, var high, var wide]
            ? [high, wide] : [(double)to[2] / from[2], (double)to[3] / from[3]];
        return node.GetString("mode", "nearest") switch
        {
            "nearest" => Nearest(context, coordinates, factors, from, to),
            "linear" => Smooth(context, coordinates, factors, InterpolationMode.Bilinear),
            "cubic" when node.GetFloat("cubic_coeff_a", -0.75f) == -0.75f =>
                Smooth(context, coordinates, factors, InterpolationMode.Bicubic),
            var mode => throw context.Unsupported($"its mode is '{mode}'"),
        };
    }

    private static TorchStep Nearest(NodeContext context, string coordinates, double[] factors, long[] from, long[] to)
    {
        var rounding = context.Node.GetString("nearest_mode", "round_prefer_floor");
        var picked = new[] { 0, 1 }.Select(a => Enumerable.Range(0, (int)to[a + 2])
            .Select(
                i => Math.Clamp(Round(Place(context, coordinates, i, factors[a], from[a + 2], to[a + 2]), rounding), 0,
                    from[a + 2] - 1)).ToArray()).ToArray();
        // Repeating every pixel is what torch is fast at.
        var repeats = picked.Index().All(axis => to[axis.Index + 2] % from[axis.Index + 2] == 0
            && axis.Item.Index().All(p => p.Item == p.Index / (to[axis.Index + 2] / from[axis.Index + 2])));
        long[] size = [to[2], to[3]];
        if (repeats)
            return TorchStep.Of(context.Node.Input(0), x => upsample_nearest2d(x, size));
        return TorchStep.Of(context.Node.Input(0), x =>
        {
            using var rowIndex = tensor(picked[0], device: x.device);
            using var columnIndex = tensor(picked[1], device: x.device);
            using var rows = x.index_select(2, rowIndex);
            return rows.index_select(3, columnIndex);
        });
    }

    private static TorchStep Smooth(NodeContext context, string coordinates, double[] factors, InterpolationMode mode)
    {
        if (coordinates is not ("half_pixel" or "pytorch_half_pixel" or "align_corners"))
            throw context.Unsupported($"its coordinate mode is '{coordinates}'");
        var corners = coordinates == "align_corners";
        long[] size = [context.OutputDims[2], context.OutputDims[3]];
        return corners || context.Numbers(2) is null
            ? TorchStep.Of(context.Node.Input(0), x => interpolate(x, size, mode: mode, align_corners: corners))
            : TorchStep.Of(context.Node.Input(0), x => interpolate(x, scale_factor: factors, mode: mode, align_corners: false));
    }

    // Where an output pixel lies among the input's, as the operator's definition has it.
    private static double Place(NodeContext context, string coordinates, int at, double factor, long from, long to) =>
        coordinates switch
        {
            "half_pixel" => (at + 0.5) / factor - 0.5,
            "pytorch_half_pixel" => to > 1 ? (at + 0.5) / factor - 0.5 : 0,
            "asymmetric" => at / factor,
            "align_corners" => to > 1 ? at * (double)(from - 1) / (to - 1) : 0,
            _ => throw context.Unsupported($"its coordinate mode is '{coordinates}'"),
        };

    private static long Round(double place, string rounding) => (long)(rounding switch
    {
        "floor" => Math.Floor(place),
        "ceil" => Math.Ceiling(place),
        "round_prefer_ceil" => Math.Floor(place + 0.5),
        _ => Math.Ceiling(place - 0.5),
    });
}
