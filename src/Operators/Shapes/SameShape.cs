using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Shapes;

/// <summary>Operators whose first output is shaped like the first input: activations, normalisations, scatters.</summary>
internal sealed class SameShape : IShapeRule
{
    private static readonly string[] Predicates = ["IsNaN", "IsInf"];

    public IReadOnlyList<string> Operators { get; } =
    [
        "Relu", "LeakyRelu", "PRelu", "Elu", "Selu", "Celu", "ThresholdedRelu", "Sigmoid", "HardSigmoid", "HardSwish", "Swish",
        "Mish", "Gelu", "Softplus", "Softsign", "Tanh", "Clip", "Shrink", "Softmax", "LogSoftmax", "Hardmax",
        "Erf", "Exp", "Log", "Sqrt", "Abs", "Neg", "Sign", "Floor", "Ceil", "Round", "Reciprocal", "Not", "BitwiseNot",
        "Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh",
        "InstanceNormalization", "GroupNormalization", "LRN", "MeanVarianceNormalization", "LpNormalization", "RMSNormalization",
        "Identity", "CumSum", "CumProd", "Trilu", "ReverseSequence", "Scatter", "ScatterElements", "ScatterND", "TensorScatter",
        .. Predicates,
    ];

    public void Infer(ShapeContext context)
    {
        var element = Predicates.Contains(context.Node.OpType) ? ElementType.Bool : context.Element(0);
        context.Set(0, element, context.Shape(0));
        if (Operation(context.Node.OpType) is { } operation && context.Content(0) is { } content)
            context.SetContent(0, Array.ConvertAll(content, operation));
    }

    private static Converter<Scalar, Scalar>? Operation(string opType) => opType switch
    {
        "Identity" => s => s,
        "Neg" => s => Scalar.Of(0) - s,
        "Abs" => s => Scalar.Max(s, Scalar.Of(0) - s),
        "Floor" => s => s.Floor(),
        "Ceil" => s => s.Ceiling(),
        "Round" => s => s.RoundToEven(),
        "Reciprocal" => s => Scalar.Of(1) / s,
        "Not" => s => s.Number is { } number ? Scalar.Of(number == 0 ? 1 : 0) : Scalar.Unknown,
        _ => null,
    };
}
