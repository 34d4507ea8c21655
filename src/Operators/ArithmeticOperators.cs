using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators;

/// <summary>Arithmetic of operands that broadcast.</summary>
internal static class ArithmeticOperators
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        Basic("Add", context => Sum), Basic("Sub", _ => s => s[0] - s[1]), Basic("Mul", _ => s => s.Aggregate((a, b) => a * b)),
        Basic("Div", Quotient, NoZeroDivisor),
        new("Mod", Pair(TypeSet.Numbers, Attr.Flag("fmod")) with { Relations = NoZeroDivisor })
        {
            Traits = Traits.Comparing,
            Shape = context => SharedShapes.BroadcastPair(context, context.Element(0), Remainder(context)),
            Versions = [10, 13],
        },
        new("Pow", new OperatorForm([In.T("X", TypeSet.Numbers), In.Of("Y", TypeSet.Numbers)]))
        {
            Traits = Traits.Combining,
            Shape = context => SharedShapes.BroadcastPair(context, context.Element(0), null),
            Versions = [LegacyBroadcast.Dropped, 12, 13, 15],
        },
        Many("Sum", TypeSet.Floats, [7, 8, 13], Sum),
        Many("Mean", TypeSet.Floats, [7, 8, 13], null) with
        {
            Decomposition = Formula.Decomposition(f =>
                f.Becomes("Mul", f.Of("Sum", [.. f.Node.Inputs]), f.Number(1.0 / f.Node.Inputs.Count))),
        },
        Many("Max", TypeSet.Numbers, [7, 8, 12, 13], s => s.Aggregate(Scalar.Max)),
        Many("Min", TypeSet.Numbers, [7, 8, 12, 13], s => s.Aggregate(Scalar.Min)),
        new("BitShift", Pair(TypeSet.Unsigned, Attr.Text("direction", null, "LEFT", "RIGHT").Required()))
        {
            Traits = Traits.Comparing,
            Shape = context => SharedShapes.BroadcastPair(context, context.Element(0), null),
            Versions = [11],
        },
    ];

    private static Operator Basic(
        string name, Func<ShapeContext, Func<Scalar[], Scalar>> operation, Action<NodeOperands>? relations = null) =>
        new(name, Pair(TypeSet.Numbers) with { Relations = relations })
        {
            Traits = Traits.Combining,
            Shape = context => SharedShapes.BroadcastPair(context, context.Element(0), operation(context)),
            Versions = [LegacyBroadcast.Dropped, 13, new(14) { NewTypes = TypeSet.SmallIntegers }],
            Evaluate = (_, data, inputs) => inputs.Count == 2 ? TensorArithmetic.Binary(name, data, inputs[1]!) : null,
        };

    private static Operator Many(
        string name, TypeSet types, IReadOnlyList<OperatorVersion> versions, Func<Scalar[], Scalar>? operation) =>
        new(name, new OperatorForm([In.T("data", types).Variadic()]))
        {
            Traits = Traits.Combining,
            Shape = context => SharedShapes.Broadcast(context, context.Element(0), operation),
            Versions = versions,
            IsIdentity = (node, _) => node.Inputs.Count == 1,
        };

    private static OperatorForm Pair(TypeSet types, params IReadOnlyList<Attr> attributes) =>
        new([In.T("A", types), In.T("B", types)], attributes);

    private static Scalar Sum(Scalar[] operands) => operands.Aggregate((a, b) => a + b);

    private static Func<Scalar[], Scalar> Quotient(ShapeContext context) =>
        context.Element(0).IsFloatingPoint() ? s => s[0] / s[1] : s => (s[0] / s[1]).Truncate();

    private static Func<Scalar[], Scalar> Remainder(ShapeContext context) => context.IntOf("fmod") == 0
        ? s => s[0] - s[1] * (s[0] / s[1]).Floor()
        : s => s[0] - s[1] * (s[0] / s[1]).Truncate();

    // Integers divided by 0 end the process, inside ONNX Runtime as well.
    private static void NoZeroDivisor(NodeOperands node)
    {
        if (node.Type(1) is not { } type || !TypeSet.Integers.Contains(type.Element))
            return;
        if (node.Numbers(1)?.Contains(0) ?? node.Input(1)!.Initializer?.ToInt64s().Contains(0) == true)
            node.RejectOperand($"{node.Name(1)} holds a 0; integers can't be divided by that");
    }
}
