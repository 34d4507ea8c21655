using MsSrConvert.GraphIR.Operators.Families;

namespace MsSrConvert.GraphIR.Operators;

/// <summary>The one table of operators; each family describes its own in one file.</summary>
internal static class OperatorTable
{
    /// <summary>Every operator in every version.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        .. UnaryOperators.All, .. BinaryOperators.All, .. ConvOperators.All, .. PoolOperators.All, .. NormalizationOperators.All,
        .. ProductOperators.All, .. MovementOperators.All, .. IndexOperators.All, .. ResamplingOperators.All, .. ReductionOperators.All,
        .. GeneratorOperators.All, .. ConversionOperators.All, .. RecurrentOperators.All, .. ControlFlowOperators.All,
    ];

    private static readonly Dictionary<string, Operator[]> ByName =
        All.GroupBy(o => o.Name).ToDictionary(g => g.Key, g => g.OrderByDescending(o => o.Since).ToArray());

    /// <summary>The operator as it is in a version of ONNX's own set, or null where nothing is known of it.</summary>
    public static Operator? Find(string opType, long opset) =>
        ByName.TryGetValue(opType, out var versions) ? Array.Find(versions, v => v.Since <= opset) ?? versions[^1] : null;
}
