using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators;

/// <summary>Shape rules that operators of several families share.</summary>
internal static class SharedShapes
{
    /// <summary>The first output is shaped like the first input.</summary>
    public static void Same(ShapeContext context) => context.Set(context.Shape(0));

    /// <summary>The same, of truth values.</summary>
    public static void Predicate(ShapeContext context) => context.Set(0, ElementType.Bool, context.Shape(0));

    /// <summary>The output is shaped like the input, and known elements are computed.</summary>
    public static ShapeRule Mapped(Converter<Scalar, Scalar> operation) => context =>
    {
        Same(context);
        if (context.Content(0) is { } content)
            context.SetContent(0, Array.ConvertAll(content, operation));
    };

    /// <summary>
    /// True where the first output has the first input's shape for every size of the inputs; what is left open proves nothing.
    /// </summary>
    public static bool IsKept(Node node, ShapeMap shapes) =>
        shapes.ShapeOf(node.Input(0)!) is { } before && shapes.ShapeOf(node.Output) is { } after && before.Equals(after)
            && after.All(d => !d.IsUnknown);

    /// <summary>All inputs broadcast to one shape as numpy does it, and known elements are computed.</summary>
    /// <param name="context">The node.</param>
    /// <param name="element">The result's element type.</param>
    /// <param name="operation">Computes an element; null where none is computed.</param>
    public static void Broadcast(ShapeContext context, ElementType element, Func<Scalar[], Scalar>? operation)
    {
        var count = context.Node.Inputs.Count;
        ShapeContext.Require(count > 0, "it has 0 inputs");
        var shape = context.Shape(0);
        // Up to opset 6 an operand was broadcast by attributes, and always to the first.
        for (var i = context.Node.Attributes.ContainsKey("broadcast") ? count : 1; i < count; i++)
            shape = context.Broadcast(shape, context.Shape(i));
        context.Set(0, element, shape);
        if (operation is null)
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

    /// <summary>The same for operators of exactly two operands.</summary>
    public static void BroadcastPair(ShapeContext context, ElementType element, Func<Scalar[], Scalar>? operation)
    {
        ShapeContext.Require(context.Node.Inputs.Count == 2, $"it has {context.Node.Inputs.Count} inputs");
        Broadcast(context, element, operation);
    }
}
