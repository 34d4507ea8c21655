using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators;

/// <summary>Operators that make tensors out of shapes, sizes and nothing, and those that read shapes.</summary>
internal static class GeneratorOperators
{
    private static readonly string[] ConstantForms =
        ["value", "value_float", "value_floats", "value_int", "value_ints", "value_string", "value_strings", "sparse_value"];

    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("Constant", new OperatorForm(
            [],
            Attr.Of("value", AttributeKind.Tensor), Attr.Float("value_float"), Attr.Of("value_floats", AttributeKind.Floats),
            Attr.Int("value_int"), Attr.Ints("value_ints"), Attr.Text("value_string"),
            Attr.Of("value_strings", AttributeKind.Texts))
        {
            Relations = OneForm,
        })
        {
            Shape = InferConstant,
            Versions = [7, 9, 11, 12, 13, 19, 21, 23, 24, 25],
        },
        new("ConstantOfShape", new OperatorForm([In.List("input").Rank(1, 1)], Attr.Of("value", AttributeKind.Tensor))
        {
            Relations = OneElement,
        })
        {
            Shape = InferConstantOfShape,
            Versions = [9, 20, 21, 23, 24, 25],
            Evaluate = (node, data, _) => ConstantOfShape(node, data),
        },
        new("Shape", new OperatorForm([Data], Attr.Int("start", 0).Added(15), Attr.Int("end").Added(15)))
        {
            Traits = Traits.ReadsShape,
            Shape = InferShape,
            Versions = [7, 13, 15, 19, 21, 23, 24, 25],
        },
        new("Size", new OperatorForm([Data]))
        {
            Traits = Traits.ReadsShape,
            Shape = InferSize,
            Versions = [7, 13, 19, 21, 23, 24, 25],
        },
        new("Range", new OperatorForm([Bound("start"), Bound("limit"), Bound("delta")]) { Relations = StepIsNotZero })
        {
            Shape = InferRange,
            Versions = [11],
        },
        new("EyeLike", new OperatorForm([In.Of("input", TypeSet.Any).Rank(2, 2)], Attr.Int("dtype"), Attr.Int("k", 0)))
        {
            Shape = context => context.Set(0, context.ElementAttribute("dtype", context.Element(0)), context.Shape(0)),
            Versions = [9, 22],
        },
    ];

    private static In Data => In.Of("data", TypeSet.Any);

    private static In Bound(string name) => In.T(name, TypeSet.Numbers).Rank(0, 1);

    private static void OneForm(NodeOperands node)
    {
        var forms = ConstantForms.Where(form => node.Attribute(form) is not null).ToArray();
        if (forms.Length > 1)
        {
            node.RejectAttribute($"it has the attributes '{string.Join("' and '", forms)}'; a Constant has one of them");
        }
        else if (forms.Length == 0 && !node.Node.Attributes.Values.Any(a => a is ReferenceAttribute))
        {
            node.RejectAttribute("attribute 'value' is missing; a Constant needs it");
        }
        else if (forms.Length == 1 && node.Node.Attributes.Keys.First() is var first && first != forms[0])
        {
            node.RejectAttribute(
                $"attribute '{first}' stands before its '{forms[0]}', and ONNX Runtime takes the first for the value");
        }
    }

    private static void OneElement(NodeOperands node)
    {
        if (node.Attribute("value") is TensorAttribute { Value: { Count: not 1 } value })
            node.RejectAttribute($"attribute 'value' has {value.Count} elements; it needs one");
    }

    private static void StepIsNotZero(NodeOperands node)
    {
        if (node.Numbers(2) is [0])
            node.RejectOperand($"{node.Name(2)} is 0; a range needs a step");
    }

    // Constant in all its forms; sparse ones stay unknown.
    private static void InferConstant(ShapeContext context)
    {
        if (context.Node.Attributes.Count != 1)
            return;
        var (name, value) = context.Node.Attributes.GetAt(0);
        switch (name, value)
        {
            case ("value", TensorAttribute tensor):
                context.Set(0, tensor.Value.Element, tensor.Value.Shape);
                context.SetContent(0, Content.Of(tensor.Value));
                break;
            case ("value_int", IntAttribute one):
                context.Set(0, ElementType.Int64, new Shape());
                context.SetContent([one.Value]);
                break;
            case ("value_ints", IntsAttribute many):
                context.Set(0, ElementType.Int64, new Shape(many.Values.Count));
                context.SetContent(many.Values.Select(Dim.Known));
                break;
            case ("value_float", FloatAttribute one):
                context.Set(0, ElementType.Float, new Shape());
                context.SetContent(0, [Scalar.OfReal(one.Value)]);
                break;
            case ("value_floats", FloatsAttribute many):
                context.Set(0, ElementType.Float, new Shape(many.Values.Count));
                context.SetContent(0, [.. many.Values.Take(Content.MaxElements + 1).Select(v => Scalar.OfReal(v))]);
                break;
            case ("value_string", StringAttribute):
                context.Set(0, ElementType.String, new Shape());
                break;
            case ("value_strings", StringsAttribute many):
                context.Set(0, ElementType.String, new Shape(many.Values.Count));
                break;
        }
    }

    // ConstantOfShape: one value in a shape given by an input.
    private static void InferConstantOfShape(ShapeContext context)
    {
        var value = context.Attribute<TensorAttribute>("value", "a tensor")?.Value;
        var element = value?.Element ?? ElementType.Float;
        context.Set(0, element, null);
        if (context.Dims(0) is { } target)
        {
            var shape = new Shape(target);
            context.Set(0, element, shape);
            var fill = value is null ? [Scalar.Of(0)] : Content.Of(value);
            if (fill is [var one] && Content.CountOf(shape) is { } count)
                context.SetContent(0, [.. Enumerable.Repeat(one, count)]);
        }
        else if (context.Shape(0) is [{ IsKnown: true } rank])
        {
            context.Set(0, element, ShapeContext.UnknownOf(rank.Offset));
        }
    }

    private static TensorData? ConstantOfShape(Node node, TensorData shape)
    {
        var fill = node.TryAttribute<TensorAttribute>("value", out var value) ? value.Value : TensorData.Of([0f], 1);
        var dims = shape.ToInt64s();
        return fill.Count == 1 && TensorMovement.CanMove(fill) && dims.All(d => d > 0)
            ? TensorMovement.View(fill, dims, 0, new long[dims.Length])
            : null;
    }

    // Shape: a tensor's sizes, or (opset 15) a range of them.
    private static void InferShape(ShapeContext context)
    {
        context.Set(0, ElementType.Int64, ShapeContext.UnknownOf(1));
        if (context.Shape(0) is not { } shape)
            return;
        var start = AxisBound(context.IntOf("start"), shape.Rank);
        var end = Math.Max(start, AxisBound(context.Int("end", shape.Rank), shape.Rank));
        context.Set(0, ElementType.Int64, new Shape(end - start));
        context.SetContent(shape.Take(end).Skip(start));
    }

    private static int AxisBound(long bound, int rank) => (int)Math.Clamp(bound < 0 ? bound + rank : bound, 0, rank);

    // Size: the number of elements.
    private static void InferSize(ShapeContext context)
    {
        context.Set(0, ElementType.Int64, new Shape());
        context.SetContent([context.Shape(0)?.ElementCount ?? Dim.Unknown]);
    }

    // Range: from a start to a limit by a step.
    private static void InferRange(ShapeContext context)
    {
        context.Set(ShapeContext.UnknownOf(1));
        if (context.Content(0) is not [var start] || context.Content(1) is not [var limit]
            || context.Content(2) is not [var step])
        {
            return;
        }

        var count = ((limit - start) / step).Ceiling().Dim;
        if (count is { IsKnown: true, Offset: < 0 })
            count = 0;
        context.Set(new Shape(count));
        if (count is { IsKnown: true, Offset: <= Content.MaxElements })
            context.SetContent(0, [.. Enumerable.Range(0, (int)count.Offset).Select(i => start + step * Scalar.Of(i))]);
    }
}
