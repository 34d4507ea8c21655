using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Shapes;

/// <summary>Elementwise operators of two or more inputs, with numpy's broadcasting.</summary>
internal sealed class BroadcastShape : IShapeRule
{
    private static readonly string[] Comparisons =
        ["Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "And", "Or", "Xor"];

    private static readonly string[] Variadic = ["Min", "Max", "Sum", "Mean"];

    public IReadOnlyList<string> Operators { get; } =
    [
        "Add", "Sub", "Mul", "Div", "Mod", "Pow", "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor",
        .. Variadic, .. Comparisons,
    ];

    public void Infer(ShapeContext context)
    {
        var count = context.Node.Inputs.Count;
        ShapeContext.Require(count == 2 || (count > 0 && Variadic.Contains(context.Node.OpType)), $"it has {count} inputs");
        var shape = context.Shape(0);
        // Up to opset 6 an operand was broadcast by attributes, and always to the first.
        for (var i = context.Node.Attributes.ContainsKey("broadcast") ? count : 1; i < count; i++)
            shape = context.Broadcast(shape, context.Shape(i));
        context.Set(0, Comparisons.Contains(context.Node.OpType) ? ElementType.Bool : context.Element(0), shape);
        if (Operation(context) is not { } operation)
            return;
        var operands = new List<(Shape, Scalar[])>(count);
        for (var i = 0; i < count; i++)
        {
            if (context.Shape(i) is not { IsKnown: true } own || context.Content(i) is not { } content)
                return;
            operands.Add((own, content));
        }

        context.SetContent(0, Content.Broadcast(shape, operands, operation));
    }

    private static Func<Scalar[], Scalar>? Operation(ShapeContext context) => context.Node.OpType switch
    {
        "Add" or "Sum" => s => s.Aggregate((a, b) => a + b),
        "Sub" => s => s[0] - s[1],
        "Mul" => s => s.Aggregate((a, b) => a * b),
        "Div" when context.Element(0).IsFloatingPoint() => s => s[0] / s[1],
        "Div" => s => (s[0] / s[1]).Truncate(),
        "Mod" when context.Int("fmod", 0) == 0 => s => s[0] - s[1] * (s[0] / s[1]).Floor(),
        "Mod" => s => s[0] - s[1] * (s[0] / s[1]).Truncate(),
        "Min" => s => s.Aggregate(Scalar.Min),
        "Max" => s => s.Aggregate(Scalar.Max),
        "And" => s => s.Aggregate(Scalar.Min),
        "Or" => s => s.Aggregate(Scalar.Max),
        "Equal" => s => Compare(s, c => c == 0),
        "Less" => s => Compare(s, c => c < 0),
        "LessOrEqual" => s => Compare(s, c => c <= 0),
        "Greater" => s => Compare(s, c => c > 0),
        "GreaterOrEqual" => s => Compare(s, c => c >= 0),
        _ => null,
    };

    private static Scalar Compare(Scalar[] operands, Func<int, bool> holds) =>
        Scalar.Compare(operands[0], operands[1]) is { } sign ? Scalar.Of(holds(sign) ? 1 : 0) : Scalar.Unknown;
}

/// <summary>Where: picks from its second and third input, all broadcast together.</summary>
internal sealed class WhereShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["Where"];

    public void Infer(ShapeContext context)
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
