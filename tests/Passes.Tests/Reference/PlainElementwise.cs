using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Tests.Reference;

/// <summary>Operators that work element by element or channel by channel.</summary>
internal static class PlainElementwise
{
    /// <summary>The function of an operator with one input, or null where it isn't one.</summary>
    public static Func<double, double>? Unary(Node node, IReadOnlyList<NdArray?> inputs) => node.OpType switch
    {
        "Relu" => v => Math.Max(v, 0),
        "LeakyRelu" => v => v >= 0 ? v : node.GetFloat("alpha", 0.01f) * v,
        "ThresholdedRelu" => v => v > node.GetFloat("alpha", 1) ? v : 0,
        "Elu" => v => v >= 0 ? v : node.GetFloat("alpha", 1) * (Math.Exp(v) - 1),
        "Celu" => v => Math.Max(0, v) + Math.Min(0, node.GetFloat("alpha", 1) * (Math.Exp(v / node.GetFloat("alpha", 1)) - 1)),
        "Selu" => v => 1.05070102214813232421875 * (v > 0 ? v : 1.67326319217681884765625 * (Math.Exp(v) - 1)),
        "Sigmoid" => Logistic,
        "HardSigmoid" => v => Math.Clamp(node.GetFloat("alpha", 0.2f) * v + node.GetFloat("beta", 0.5f), 0, 1),
        "HardSwish" => v => v * Math.Clamp(v / 6 + 0.5, 0, 1),
        "Softplus" => v => Math.Log(1 + Math.Exp(v)),
        "Softsign" => v => v / (1 + Math.Abs(v)),
        "Tanh" => Math.Tanh,
        "Exp" => Math.Exp,
        "Sqrt" => Math.Sqrt,
        "Abs" => Math.Abs,
        "Neg" => v => -v,
        "Sign" => v => Math.Sign(v),
        "Sin" => Math.Sin,
        "Cos" => Math.Cos,
        "Atan" => Math.Atan,
        "Sinh" => Math.Sinh,
        "Cosh" => Math.Cosh,
        "Tan" => Math.Tan,
        "Asinh" => Math.Asinh,
        "Swish" => v => v * Logistic(node.GetFloat("alpha", 1) * v),
        "Shrink" => v => Math.Abs(v) > node.GetFloat("lambd", 0.5f) ? v : 0,
        "Identity" or "Dropout" or "Cast" => v => v,
        "Clip" => v => Math.Min(Math.Max(v, inputs.ElementAtOrDefault(1)?.Data[0] ?? double.MinValue),
            inputs.ElementAtOrDefault(2)?.Data[0] ?? double.MaxValue),
        _ => null,
    };

    /// <summary>The function of an operator with several inputs that broadcast, or null where it isn't one.</summary>
    public static Func<double, double, double>? Binary(string op) => op switch
    {
        "Add" or "Sum" => (a, b) => a + b,
        "Sub" => (a, b) => a - b,
        "Mul" => (a, b) => a * b,
        "Div" => (a, b) => a / b,
        "Pow" => Math.Pow,
        "Min" => Math.Min,
        "Max" => Math.Max,
        "PRelu" => (v, slope) => v >= 0 ? v : slope * v,
        _ => null,
    };

    /// <summary>Applies a function to two arrays, repeating axes of length 1.</summary>
    public static NdArray Broadcast(NdArray a, NdArray b, Func<double, double, double> f)
    {
        var rank = Math.Max(a.Dims.Length, b.Dims.Length);
        int[] dims = [.. Enumerable.Range(0, rank).Select(axis => Math.Max(Length(a, axis, rank), Length(b, axis, rank)))];
        var result = NdArray.Zeros(dims);
        for (var i = 0; i < result.Data.Length; i++)
            result.Data[i] = f(a.Data[Place(a, dims, i)], b.Data[Place(b, dims, i)]);
        return result;
    }

    /// <summary>BatchNormalization over running statistics.</summary>
    public static NdArray BatchNormalization(Node node, NdArray x, IReadOnlyList<NdArray?> inputs)
    {
        var epsilon = node.GetFloat("epsilon", 1e-5f);
        var result = NdArray.Zeros(x.Dims);
        result.Fill((n, c, y, w) => inputs[1]!.Data[c] * (x[n, c, y, w] - inputs[3]!.Data[c])
            / Math.Sqrt(inputs[4]!.Data[c] + epsilon) + inputs[2]!.Data[c]);
        return result;
    }

    /// <summary>InstanceNormalization.</summary>
    public static NdArray InstanceNormalization(Node node, NdArray x, IReadOnlyList<NdArray?> inputs)
    {
        var epsilon = node.GetFloat("epsilon", 1e-5f);
        var mean = PlainPooling.Reduce("ReduceMean", x);
        var variance = PlainPooling.Reduce("ReduceMean", Broadcast(x, mean, (v, m) => (v - m) * (v - m)));
        var result = NdArray.Zeros(x.Dims);
        result.Fill((n, c, y, w) => inputs[1]!.Data[c] * (x[n, c, y, w] - mean[n, c, 0, 0])
            / Math.Sqrt(variance[n, c, 0, 0] + epsilon) + inputs[2]!.Data[c]);
        return result;
    }

    /// <summary>Softmax over the channels.</summary>
    public static NdArray Softmax(NdArray x)
    {
        var powers = x.Map(Math.Exp);
        var result = NdArray.Zeros(x.Dims);
        result.Fill((n, c, y, w) => powers[n, c, y, w] / Enumerable.Range(0, x.C).Sum(k => powers[n, k, y, w]));
        return result;
    }

    private static double Logistic(double v) => 1 / (1 + Math.Exp(-v));

    private static int Length(NdArray a, int axis, int rank) =>
        axis < rank - a.Dims.Length ? 1 : a.Dims[axis - (rank - a.Dims.Length)];

    // Where the element at a place of the broadcast result stands in an operand.
    private static int Place(NdArray a, int[] dims, int index)
    {
        var (place, stride) = (0, 1);
        for (var axis = dims.Length - 1; axis >= 0; axis--)
        {
            var length = Length(a, axis, dims.Length);
            place += (length == 1 ? 0 : index % dims[axis]) * stride;
            stride *= length;
            index /= dims[axis];
        }

        return place;
    }
}
