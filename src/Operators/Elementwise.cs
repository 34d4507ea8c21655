namespace MsSrConvert.Operators;

/// <summary>The operators that change every element by itself, whatever its place: they work alike on any scale and inside any margin.</summary>
internal static class Elementwise
{
    /// <summary>Operators of one tensor; further inputs (Clip's bounds) are single numbers.</summary>
    public static readonly string[] Unary =
    [
        "Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Cast", "Ceil", "Celu", "Clip", "Cos", "Cosh", "Dropout", "Elu", "Erf",
        "Exp", "Floor", "Gelu", "HardSigmoid", "HardSwish", "Identity", "LeakyRelu", "Log", "Mish", "Neg", "Reciprocal", "Relu", "Round",
        "Selu", "Shrink", "Sigmoid", "Sign", "Sin", "Sinh", "Softplus", "Softsign", "Sqrt", "Swish", "Tan", "Tanh", "ThresholdedRelu",
    ];

    /// <summary>Operators of several tensors, which broadcast.</summary>
    public static readonly string[] Combining = ["Add", "Sub", "Mul", "Div", "Pow", "Min", "Max", "Sum", "Mean"];

    /// <summary>Operators of several tensors, which broadcast, whose results aren't features.</summary>
    public static readonly string[] Comparing = ["Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "And", "Or", "Xor", "Where", "Mod"];
}
