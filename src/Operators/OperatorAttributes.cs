using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators;

/// <summary>Nodes as operators describe them: traits, and attributes with the default where a node leaves them out.</summary>
internal static class OperatorAttributes
{
    /// <summary>True for a node of ONNX's own set whose operator has one of the traits.</summary>
    public static bool Has(this Node node, Traits traits) =>
        node.IsStandard && OperatorTable.Find(node.OpType) is { } known && (known.Traits & traits) != 0;

    /// <summary>An integer attribute, or its default in a version of the operator set.</summary>
    /// <exception cref="InvalidOperationException">The node doesn't state it, and there is no default.</exception>
    public static long IntOf(this Node node, string name, long opset = OpsetRange.Newest) =>
        node.TryAttribute<IntAttribute>(name, out var stated) ? stated.Value : (long)Default(node, name, opset);

    /// <summary>A float attribute, or its default in a version of the operator set.</summary>
    /// <exception cref="InvalidOperationException">The node doesn't state it, and there is no default.</exception>
    public static float FloatOf(this Node node, string name, long opset = OpsetRange.Newest) =>
        node.TryAttribute<FloatAttribute>(name, out var stated) ? stated.Value : (float)Default(node, name, opset);

    /// <summary>A text attribute, or its default in a version of the operator set.</summary>
    /// <exception cref="InvalidOperationException">The node doesn't state it, and there is no default.</exception>
    public static string TextOf(this Node node, string name, long opset = OpsetRange.Newest) =>
        node.TryAttribute<StringAttribute>(name, out var stated) ? stated.Text : (string)Default(node, name, opset);

    /// <summary>The same for a shape rule, which holds a node of the wrong kind for malformed.</summary>
    /// <exception cref="MalformedNodeException">The attribute is of another kind, or missing without a default.</exception>
    public static long IntOf(this ShapeContext context, string name) =>
        context.Attribute<IntAttribute>(name, "an integer")?.Value ?? DefaultOf<long>(context, name);

    /// <inheritdoc cref="IntOf(ShapeContext, string)"/>
    public static string TextOf(this ShapeContext context, string name) =>
        context.Attribute<StringAttribute>(name, "a text")?.Text ?? DefaultOf<string>(context, name);

    private static T DefaultOf<T>(ShapeContext context, string name) =>
        OperatorTable.Find(context.Node.OpType)?.AttributeAt(name, context.Opset)?.Default is T known
            ? known
            : throw new MalformedNodeException($"attribute '{name}' is missing");

    private static object Default(Node node, string name, long opset) =>
        OperatorTable.Find(node)?.AttributeAt(name, opset)?.Default
            ?? throw new InvalidOperationException($"Attribute '{name}' of {node} has no default.");
}
