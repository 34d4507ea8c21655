using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators;

/// <summary>Comparisons, logic on truth values and bits, and the choice between two operands; all broadcast.</summary>
internal static class ComparisonOperators
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        Compare("Equal", TypeSet.Any, c => c == 0, [LegacyBroadcast.Dropped, 11, 13, 19]),
        Compare("Less", TypeSet.Numbers, c => c < 0, [LegacyBroadcast.Dropped, 9, 13]),
        Compare("LessOrEqual", TypeSet.Numbers, c => c <= 0, [12, 16]),
        Compare("Greater", TypeSet.Numbers, c => c > 0, [LegacyBroadcast.Dropped, 9, 13]),
        Compare("GreaterOrEqual", TypeSet.Numbers, c => c >= 0, [12, 16]),
        Logic("And", s => s.Aggregate(Scalar.Min)), Logic("Or", s => s.Aggregate(Scalar.Max)), Logic("Xor", null),
        Bits("BitwiseAnd", [18]), Bits("BitwiseOr", [18]), Bits("BitwiseXor", [18]),
        new("Where", new OperatorForm([In.Of("condition", TypeSet.Bool), In.T("X", TypeSet.Any), In.T("Y", TypeSet.Any)]))
        {
            Traits = Traits.Comparing,
            Shape = InferWhere,
            Versions = [9, 16],
        },
    ];

    private static Operator Compare(string name, TypeSet types, Func<int, bool> holds, IReadOnlyList<OperatorVersion> versions) =>
        Of(name, types, versions, context => SharedShapes.BroadcastPair(context, ElementType.Bool, s => Compare(s, holds)));

    private static Operator Logic(string name, Func<Scalar[], Scalar>? operation) => Of(
        name, TypeSet.Bool, [LegacyBroadcast.Dropped],
        context => SharedShapes.BroadcastPair(context, ElementType.Bool, operation));

    private static Operator Bits(string name, IReadOnlyList<OperatorVersion> versions) => Of(
        name, TypeSet.Integers, versions, context => SharedShapes.BroadcastPair(context, context.Element(0), null));

    private static Operator Of(string name, TypeSet types, IReadOnlyList<OperatorVersion> versions, ShapeRule shape) =>
        new(name, new OperatorForm([In.T("A", types), In.T("B", types)]))
        {
            Traits = Traits.Comparing,
            Shape = shape,
            Versions = versions,
        };

    private static Scalar Compare(Scalar[] operands, Func<int, bool> holds) =>
        Scalar.Compare(operands[0], operands[1]) is { } sign ? Scalar.Of(holds(sign) ? 1 : 0) : Scalar.Unknown;

    // Where: picks from its second and third input, all broadcast together.
    private static void InferWhere(ShapeContext context)
    {
        var shape = context.Broadcast(context.Broadcast(context.Shape(1), context.Shape(2)), context.Shape(0));
        context.Set(0, context.Element(1), shape);
        if (context.Content(0) is { } condition && context.Content(1) is { } yes && context.Content(2) is { } no)
        {
            var operands = new[] { (context.Shape(0)!, condition), (context.Shape(1)!, yes), (context.Shape(2)!, no) };
            context.SetContent(0, Content.Broadcast(shape, operands, Pick));
        }
    }

    private static Scalar Pick(Scalar[] s)
    {
        if (s[0].Number is { } chosen)
            return chosen != 0 ? s[1] : s[2];
        return s[1].Equals(s[2]) ? s[1] : Scalar.Unknown;
    }
}
