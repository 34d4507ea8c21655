using MsSrConvert.Operators.Checking;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators.Families;

/// <summary>Operators that compute each element from those at the same place of several operands, which broadcast.</summary>
internal static class BinaryOperators
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        Of("Add", TypeSet.Numbers), Of("Sub", TypeSet.Numbers), Of("Mul", TypeSet.Numbers),
        Of("Div", TypeSet.Numbers) with { Relations = NoZeroDivisor },
        Of("Mod", TypeSet.Numbers, Attr.Flag("fmod")) with { Relations = NoZeroDivisor },
        Of("And", TypeSet.Bool), Of("Or", TypeSet.Bool), Of("Xor", TypeSet.Bool),
        Of("Equal", TypeSet.Any), Of("Greater", TypeSet.Numbers), Of("Less", TypeSet.Numbers),
        Of("GreaterOrEqual", TypeSet.Numbers), Of("LessOrEqual", TypeSet.Numbers),
        Of("BitwiseAnd", TypeSet.Integers), Of("BitwiseOr", TypeSet.Integers), Of("BitwiseXor", TypeSet.Integers),
        Of("BitShift", TypeSet.Unsigned, Attr.Text("direction", null, "LEFT", "RIGHT").Required()),
        new("Pow") { Inputs = [In.T("X", TypeSet.Numbers), In.Of("Y", TypeSet.Numbers)] },
        new("Where") { Inputs = [In.Of("condition", TypeSet.Bool), In.T("X", TypeSet.Any), In.T("Y", TypeSet.Any)] },
        Many("Sum", TypeSet.Floats), Many("Mean", TypeSet.Floats), Many("Max", TypeSet.Numbers), Many("Min", TypeSet.Numbers),
    ];

    private static Operator Of(string name, TypeSet types, params IReadOnlyList<Attr> attributes) =>
        new(name) { Inputs = [In.T("A", types), In.T("B", types)], Attributes = attributes };

    private static Operator Many(string name, TypeSet types) => new(name) { Inputs = [In.T("data", types).Variadic()] };

    // Integers divided by 0 end the process, inside ONNX Runtime as well.
    private static void NoZeroDivisor(NodeOperands node)
    {
        if (node.Type(1) is not { } type || !TypeSet.Integers.Contains(type.Element))
            return;
        if (node.Numbers(1)?.Contains(0) ?? node.Input(1)!.Initializer?.ToInt64s().Contains(0) == true)
            node.RejectOperand($"{node.Name(1)} holds a 0; integers can't be divided by that");
    }
}
