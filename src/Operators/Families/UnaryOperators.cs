using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators.Families;

/// <summary>Operators that compute each element from the one at the same place.</summary>
internal static class UnaryOperators
{
    private static readonly string[] OfFloats =
    [
        "Sigmoid", "Tanh", "Softplus", "Softsign", "Erf", "Exp", "Log", "Sqrt", "Reciprocal", "Floor", "Ceil", "Round", "Sin", "Cos",
        "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh", "HardSwish", "Mish", "IsNaN",
    ];

    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        .. OfFloats.Select(name => Of(name, TypeSet.Floats)),
        Of("Relu", TypeSet.Floats), Of("Relu", TypeSet.SignedNumbers) with { Since = 14 }, Of("Neg", TypeSet.SignedNumbers), Of("Abs", TypeSet.Numbers), Of("Sign", TypeSet.Numbers),
        Of("Identity", TypeSet.Any), Of("Not", TypeSet.Bool), Of("BitwiseNot", TypeSet.Integers),
        Of("LeakyRelu", TypeSet.Floats, Attr.Float("alpha", 0.01f)),
        Of("ThresholdedRelu", TypeSet.Floats, Attr.Float("alpha", 1)),
        Of("Elu", TypeSet.Floats, Attr.Float("alpha", 1)),
        Of("Celu", TypeSet.Floats, Attr.Float("alpha", 1)),
        Of("Swish", TypeSet.Floats, Attr.Float("alpha", 1)),
        Of("Selu", TypeSet.Floats, Attr.Float("alpha", 1.67326319f), Attr.Float("gamma", 1.05070102f)),
        Of("HardSigmoid", TypeSet.Floats, Attr.Float("alpha", 0.2f), Attr.Float("beta", 0.5f)),
        Of("Gelu", TypeSet.Floats, Attr.Text("approximate", "none", "none", "tanh")),
        Of("Shrink", TypeSet.Numbers, Attr.Float("lambd", 0.5f), Attr.Float("bias", 0)),
        Of("IsInf", TypeSet.Floats, Attr.Flag("detect_negative", 1), Attr.Flag("detect_positive", 1)),
        Of("Softmax", TypeSet.Floats, Attr.Axis()), Of("LogSoftmax", TypeSet.Floats, Attr.Axis()), Of("Hardmax", TypeSet.Floats, Attr.Axis()),
        new("PRelu") { Inputs = [In.T("X", TypeSet.Floats), In.T("slope", TypeSet.Floats)] },
        new("PRelu") { Since = 9, Inputs = [In.T("X", TypeSet.Numbers), In.T("slope", TypeSet.Numbers)] },
        new("Clip") { Inputs = [In.T("input", TypeSet.Floats)], Attributes = [Attr.Float("min"), Attr.Float("max")] },
        new("Clip") { Since = 11, Inputs = [In.T("input", TypeSet.Floats), Bound("min"), Bound("max")] },
        new("Clip") { Since = 12, Inputs = [In.T("input", TypeSet.Numbers), Bound("min"), Bound("max")] },
        new("Dropout") { Inputs = [In.T("data", TypeSet.Floats)], MaxOutputs = 2, Attributes = [Attr.Float("ratio", 0.5f)] },
        new("Dropout")
        {
            Since = 12,
            Inputs = [In.T("data", TypeSet.Floats), Single("ratio", TypeSet.Floats), Single("training_mode", TypeSet.Bool)],
            MaxOutputs = 2,
        },
    ];

    private static Operator Of(string name, TypeSet types, params IReadOnlyList<Attr> attributes) =>
        new(name) { Inputs = [In.T("X", types)], Attributes = attributes };

    private static In Bound(string name) => In.T(name, TypeSet.Numbers).Rank(0, 1).Optional();

    private static In Single(string name, TypeSet types) => In.Single(name, types).Optional();
}
