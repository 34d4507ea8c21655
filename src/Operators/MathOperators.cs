using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators;

/// <summary>Functions of one number, applied to every element.</summary>
internal static class MathOperators
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("Identity", new OperatorForm([In.T("X", TypeSet.Any)]))
        {
            Traits = Traits.Unary,
            Shape = SharedShapes.Mapped(s => s),
            Versions = [7, 13, 14, 16, 19, 21, 23, 24, 25],
            Evaluate = (_, data, _) => TensorNumbers.Reshaped(data, [.. data.Dims]),
            IsIdentity = (_, _) => true,
        },
        Of("Abs", TypeSet.Numbers, [7, 13]) with { Shape = SharedShapes.Mapped(s => Scalar.Max(s, Scalar.Of(0) - s)) },
        Of("Neg", TypeSet.SignedNumbers, [7, 13]) with
        {
            Shape = SharedShapes.Mapped(s => Scalar.Of(0) - s),
            Evaluate = (_, data, _) => TensorArithmetic.Negate(data),
            Decomposition = Formula.Decomposition(f => f.Becomes("Mul", f.X, f.Number(-1))),
        },
        Of("Sign", TypeSet.Numbers, [9, 13]),
        Of("Floor", TypeSet.Floats, [7, 13]) with { Shape = SharedShapes.Mapped(s => s.Floor()) },
        Of("Ceil", TypeSet.Floats, [7, 13]) with { Shape = SharedShapes.Mapped(s => s.Ceiling()) },
        Of("Round", TypeSet.Floats, [11, 22]) with { Shape = SharedShapes.Mapped(s => s.RoundToEven()) },
        Partial("Reciprocal", [7, 13]) with
        {
            Shape = SharedShapes.Mapped(s => Scalar.Of(1) / s),
            Decomposition = Formula.Decomposition(f => f.Becomes("Div", f.Number(1), f.X)),
        },
        Partial("Sqrt", [7, 13]), Partial("Exp", [7, 13]), Partial("Log", [7, 13]),
        Of("Erf", TypeSet.Floats, [9, 13]),
        Of("Sin", TypeSet.Floats, [7, 22]), Of("Cos", TypeSet.Floats, [7, 22]),
        Partial("Tan", [7, 22]) with
        {
            Decomposition = Formula.Decomposition(f => f.Becomes("Div", f.Of("Sin", f.X), f.Of("Cos", f.X))),
        },
        Partial("Asin", [7, 22]), Partial("Acos", [7, 22]), Of("Atan", TypeSet.Floats, [7, 22]),
        Partial("Sinh", [9, 22]) with { Decomposition = Formula.Decomposition(f => HalfOf("Sub", f)) },
        Partial("Cosh", [9, 22]) with { Decomposition = Formula.Decomposition(f => HalfOf("Add", f)) },
        Of("Asinh", TypeSet.Floats, [9, 22]), Partial("Acosh", [9, 22]), Partial("Atanh", [9, 22]),
        Of("Not", TypeSet.Bool, [7]) with
        {
            Traits = Traits.Comparing,
            Shape = SharedShapes.Mapped(s => s.Number is { } number ? Scalar.Of(number == 0 ? 1 : 0) : Scalar.Unknown),
        },
        Of("BitwiseNot", TypeSet.Integers, [18]) with { Traits = Traits.Comparing },
        Of("IsNaN", TypeSet.Floats, [9, 13, 20]) with { Traits = Traits.Comparing, Shape = SharedShapes.Predicate },
        Of("IsInf", TypeSet.Floats, [10, 20], Attr.Flag("detect_negative", 1), Attr.Flag("detect_positive", 1)) with
        {
            Traits = Traits.Comparing,
            Shape = SharedShapes.Predicate,
        },
    ];

    private static Operator Partial(string name, IReadOnlyList<OperatorVersion> versions) =>
        Of(name, TypeSet.Floats, versions) with { Traits = Traits.Unary | Traits.Partial };

    private static Operator Of(
        string name, TypeSet types, IReadOnlyList<OperatorVersion> versions, params IReadOnlyList<Attr> attributes) =>
        new(name, new OperatorForm([In.T("X", types)], attributes))
        {
            Traits = Traits.Unary,
            Shape = SharedShapes.Same,
            Versions = versions,
        };

    // (exp(x) ± exp(-x)) / 2.
    private static void HalfOf(string operation, Formula f) =>
        f.Becomes("Mul", f.Of(operation, f.Of("Exp", f.X), f.Of("Exp", f.Of("Neg", f.X))), f.Number(0.5));
}
