using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;

namespace MsSrConvert.Operators.Versions;

/// <summary>Which file format version a model needs.</summary>
internal static class IrVersions
{
    // The release that brought an opset also fixed the file format it is used with: (first opset, IR version).
    private static readonly (long Opset, int Ir)[] Standard =
        [(1, 3), (9, 4), (10, 5), (11, 6), (12, 7), (15, 8), (19, 9), (21, 10), (23, 11), (24, 12), (25, 13)];

    private static readonly (long Opset, int Ir)[] MachineLearning = [(1, 3), (2, 6), (3, 8), (4, 9), (5, 10)];

    /// <summary>The lowest IR version for a version of ONNX's own operator set.</summary>
    public static int ForOpset(long opset) => Standard.Last(v => v.Opset <= Math.Max(1, opset)).Ir;

    /// <summary>The lowest IR version that can hold the model's content, its own opset left out.</summary>
    public static long ForContent(Model model)
    {
        var needed = 4L;
        if (model.OpsetImports.TryGetValue("ai.onnx.ml", out var machineLearning))
            needed = Math.Max(needed, MachineLearning.Last(v => v.Opset <= Math.Max(1, machineLearning)).Ir);
        if (model.Functions.Count > 0)
            needed = Math.Max(needed, 8);
        var graphs = model.AllGraphs().Concat(model.Functions.SelectMany(f => f.Body.WithNested())).ToArray();
        if (graphs.Any(g => g.Metadata.Count > 0 || g.Nodes.Any(n => n.Metadata.Count > 0 || n.Overload.Length > 0)))
            needed = Math.Max(needed, 10);
        // What isn't taken apart may need anything.
        if (!model.Preserved.IsEmpty || graphs.Any(g => !g.Preserved.IsEmpty || g.Nodes.Any(n => !n.Preserved.IsEmpty)))
            needed = Math.Max(needed, model.IrVersion);
        var types =
            graphs.SelectMany(g => g.Values).Select(v => v.Initializer?.Element ?? v.Tensor?.Element ?? ElementType.Undefined);
        return types.Select(ForElement).Append((int)needed).Max();
    }

    private static int ForElement(ElementType type) => type switch
    {
        ElementType.Float8E4M3FN or ElementType.Float8E4M3FNUZ or ElementType.Float8E5M2 or ElementType.Float8E5M2FNUZ => 9,
        ElementType.UInt4 or ElementType.Int4 => 10,
        ElementType.Float4E2M1 => 11,
        ElementType.Float8E8M0 => 12,
        ElementType.UInt2 or ElementType.Int2 => 13,
        _ => 3,
    };
}
