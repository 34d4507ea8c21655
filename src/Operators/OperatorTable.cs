namespace MsSrConvert.Operators;

/// <summary>The one table of operators; each family describes its own in one file.</summary>
internal static class OperatorTable
{
    /// <summary>Every operator.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        .. ActivationOperators.All, .. SoftmaxOperators.All, .. MathOperators.All, .. ArithmeticOperators.All,
        .. ComparisonOperators.All, .. ConvOperators.All, .. PoolOperators.All, .. NormalizationOperators.All,
        .. ProductOperators.All, .. ConcatOperators.All, .. CropOperators.All, .. ReshapeOperators.All, .. LayoutOperators.All,
        .. IndexOperators.All, .. ResizeOperators.All, .. SamplingOperators.All, .. ReductionOperators.All,
        .. GeneratorOperators.All, .. RandomOperators.All, .. ConversionOperators.All, .. RecurrentOperators.All,
        .. ControlFlowOperators.All, .. OtherOperators.All,
    ];

    private static readonly Dictionary<string, Operator> ByName = All.ToDictionary(o => o.Name);

    /// <summary>What is known of an operator of ONNX's own set, or null where nothing is.</summary>
    public static Operator? Find(string opType) => ByName.GetValueOrDefault(opType);

    /// <summary>The names of all operators that have one of the traits.</summary>
    public static IReadOnlyList<string> With(Traits traits) => [.. All.Where(o => (o.Traits & traits) != 0).Select(o => o.Name)];
}
