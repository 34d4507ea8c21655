using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Tests.Reference;

/// <summary>Pooling over windows and over all of height and width.</summary>
internal static class PlainPooling
{
    /// <summary>AveragePool or MaxPool.</summary>
    public static NdArray Pool(Node node, NdArray x)
    {
        var kernel = node.GetInts("kernel_shape")!;
        var strides = node.GetInts("strides") ?? [1, 1];
        var pads = node.GetInts("pads") ?? [0, 0, 0, 0];
        var isMax = node.Is("MaxPool");
        var padded = node.GetInt("count_include_pad", 0) != 0;
        int Size(int axis, int size) => (int)((size + pads[axis] + pads[axis + 2] - kernel[axis]) / strides[axis]) + 1;
        var result = NdArray.Zeros(x.N, x.C, Size(0, x.H), Size(1, x.W));
        result.Fill((n, c, y, column) =>
        {
            var (sum, most, count) = (0.0, double.NegativeInfinity, 0);
            for (var ky = 0; ky < kernel[0]; ky++)
            {
                for (var kx = 0; kx < kernel[1]; kx++)
                {
                    var (row, from) = ((int)(y * strides[0] - pads[0] + ky), (int)(column * strides[1] - pads[1] + kx));
                    if (row < 0 || row >= x.H || from < 0 || from >= x.W)
                        continue;
                    var value = x[n, c, row, from];
                    (sum, most, count) = (sum + value, Math.Max(most, value), count + 1);
                }
            }

            return isMax ? most : sum / (padded ? kernel[0] * kernel[1] : count);
        });
        return result;
    }

    /// <summary>A global pooling or a reduction over height and width: N,C,1,1.</summary>
    public static NdArray Reduce(string op, NdArray x)
    {
        var result = NdArray.Zeros(x.N, x.C, 1, 1);
        var plane = x.H * x.W;
        for (var i = 0; i < result.Data.Length; i++)
        {
            var values = x.Data.AsSpan(i * plane, plane).ToArray();
            result.Data[i] = op switch
            {
                "GlobalAveragePool" or "ReduceMean" => values.Average(),
                "GlobalMaxPool" or "ReduceMax" => values.Max(),
                "ReduceMin" => values.Min(),
                "ReduceSum" => values.Sum(),
                "ReduceL1" => values.Sum(Math.Abs),
                "ReduceL2" => Math.Sqrt(values.Sum(v => v * v)),
                "ReduceSumSquare" => values.Sum(v => v * v),
                _ => throw new NotSupportedException(op),
            };
        }

        return result;
    }

    /// <summary>True for an operator that <see cref="Reduce"/> does.</summary>
    public static bool IsGlobal(Node node) =>
        node.OpType.StartsWith("Global", StringComparison.Ordinal) || node.OpType.StartsWith("Reduce", StringComparison.Ordinal);
}
