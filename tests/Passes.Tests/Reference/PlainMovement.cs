using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Tests.Reference;

/// <summary>Operators that move, cut, join and resample.</summary>
internal static class PlainMovement
{
    /// <summary>Joins arrays along an axis.</summary>
    public static NdArray Concat(IReadOnlyList<NdArray> parts, int axis)
    {
        int[] dims = [.. parts[0].Dims];
        dims[axis] = parts.Sum(p => p.Dims[axis]);
        var result = NdArray.Zeros(dims);
        var outer = dims.Take(axis).Aggregate(1, (p, d) => p * d);
        var at = 0;
        for (var o = 0; o < outer; o++)
        {
            foreach (var part in parts)
            {
                var run = part.Data.Length / outer;
                Array.Copy(part.Data, o * run, result.Data, at, run);
                at += run;
            }
        }

        return result;
    }

    /// <summary>Cuts from start to end along one axis.</summary>
    public static NdArray Slice(NdArray x, int axis, int start, int end)
    {
        int[] dims = [.. x.Dims];
        dims[axis] = end - start;
        var result = NdArray.Zeros(dims);
        var outer = dims.Take(axis).Aggregate(1, (p, d) => p * d);
        var inner = dims.Skip(axis + 1).Aggregate(1, (p, d) => p * d);
        for (var o = 0; o < outer; o++)
            Array.Copy(x.Data, (o * x.Dims[axis] + start) * inner, result.Data, o * dims[axis] * inner, dims[axis] * inner);
        return result;
    }

    /// <summary>A Slice node with constant bounds, step 1.</summary>
    public static NdArray Slice(NdArray x, IReadOnlyList<NdArray?> inputs)
    {
        for (var i = 0; i < inputs[1]!.Data.Length; i++)
        {
            var axis = inputs.ElementAtOrDefault(3) is { } axes ? (int)axes.Data[i] : i;
            axis += axis < 0 ? x.Dims.Length : 0;
            int Bound(double at) => (int)Math.Clamp(at < 0 ? at + x.Dims[axis] : at, 0, x.Dims[axis]);
            x = Slice(x, axis, Bound(inputs[1]!.Data[i]), Bound(inputs[2]!.Data[i]));
        }

        return x;
    }

    /// <summary>Pads height and width: constant (zero), edge or reflect.</summary>
    public static NdArray Pad(NdArray x, int[] pads, string mode)
    {
        var result = NdArray.Zeros(x.N, x.C, x.H + pads[2] + pads[6], x.W + pads[3] + pads[7]);
        result
            .Fill(
                (n, c, y, w) => (Inside(y - pads[2], x.H, mode), Inside(w - pads[3], x.W, mode)) is var (row, column) && row >= 0
                    && column >= 0
            ? x[n, c, row, column] : 0);
        return result;
    }

    // Which pixel stands at a place; -1 for none.
    private static int Inside(int at, int length, string mode) => mode switch
    {
        "edge" => Math.Clamp(at, 0, length - 1),
        "reflect" => at < 0 ? -at : at >= length ? 2 * (length - 1) - at : at,
        _ => at < length ? Math.Max(at, -1) : -1,
    };

    /// <summary>DepthToSpace, CRD or DCR.</summary>
    public static NdArray DepthToSpace(NdArray x, int r, bool crd)
    {
        var channels = x.C / (r * r);
        var result = NdArray.Zeros(x.N, channels, x.H * r, x.W * r);
        result.Fill((n, c, y, w) =>
        {
            var offset = y % r * r + w % r;
            return x[n, crd ? c * r * r + offset : offset * channels + c, y / r, w / r];
        });
        return result;
    }

    /// <summary>SpaceToDepth.</summary>
    public static NdArray SpaceToDepth(NdArray x, int r)
    {
        var result = NdArray.Zeros(x.N, x.C * r * r, x.H / r, x.W / r);
        result.Fill((n, c, y, w) => x[n, c % x.C, y * r + c / x.C / r, w * r + c / x.C % r]);
        return result;
    }

    /// <summary>Resize of height and width, nearest (asymmetric, floor) or linear (half_pixel).</summary>
    public static NdArray Resize(Node node, NdArray x, IReadOnlyList<NdArray?> inputs)
    {
        var factors = inputs.ElementAtOrDefault(2) is { Data.Length: 4 } scales
            ? (scales.Data[2], scales.Data[3])
            : (inputs[3]!.Data[2] / x.H, inputs[3]!.Data[3] / x.W);
        return Resize(x, factors.Item1, factors.Item2, node.GetString("mode", "nearest") == "linear");
    }

    private static NdArray Resize(NdArray x, double rows, double columns, bool linear)
    {
        var result = NdArray.Zeros(x.N, x.C, (int)Math.Floor(x.H * rows + 1e-9), (int)Math.Floor(x.W * columns + 1e-9));
        result.Fill((n, c, y, w) =>
        {
            if (!linear)
                return x[n, c, Math.Min((int)(y / rows), x.H - 1), Math.Min((int)(w / columns), x.W - 1)];
            var (y0, y1, fy) = Between((y + 0.5) / rows - 0.5, x.H);
            var (x0, x1, fx) = Between((w + 0.5) / columns - 0.5, x.W);
            return (1 - fy) * ((1 - fx) * x[n, c, y0, x0] + fx * x[n, c, y0, x1])
                + fy * ((1 - fx) * x[n, c, y1, x0] + fx * x[n, c, y1, x1]);
        });
        return result;
    }

    private static (int Low, int High, double Fraction) Between(double at, int length)
    {
        var place = Math.Clamp(at, 0, length - 1);
        var low = (int)Math.Floor(place);
        return (low, Math.Min(low + 1, length - 1), place - low);
    }
}
