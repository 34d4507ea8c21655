using MsSrConvert.Operators.Families;

namespace MsSrConvert.Operators;

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

    private static readonly Dictionary<string, List<Operator>> ByName = Sorted();

    /// <summary>The operator as it is in a version of ONNX's own set, or null where nothing is known of it.</summary>
    public static Operator? Find(string opType, long opset)
    {
        if (!ByName.TryGetValue(opType, out var versions))
            return null;
        var found = versions[0];
        foreach (var version in versions)
        {
            if (version.Since <= opset && (version.Since > found.Since || found.Since > opset))
                found = version;
        }

        return found;
    }

    // Loops start faster than queries, and every command reads a model.
    private static Dictionary<string, List<Operator>> Sorted()
    {
        var table = new Dictionary<string, List<Operator>>(All.Count);
        foreach (var description in All)
        {
            if (!table.TryGetValue(description.Name, out var versions))
                table[description.Name] = versions = new List<Operator>(1);
            versions.Add(description);
        }

        return table;
    }
}
