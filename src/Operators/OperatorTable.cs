using MsSrConvert.GraphIR;

namespace MsSrConvert.Operators;

/// <summary>The one table of operators; each family describes its own in one file.</summary>
internal static class OperatorTable
{
    /// <summary>The domain of ONNX Runtime's own operator set.</summary>
    public const string RuntimeDomain = "com.microsoft";

    /// <summary>Every operator of ONNX's own set.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        .. ActivationOperators.All, .. SoftmaxOperators.All, .. MathOperators.All, .. ArithmeticOperators.All,
        .. ComparisonOperators.All, .. ConvOperators.All, .. PoolOperators.All, .. NormalizationOperators.All,
        .. ProductOperators.All, .. ConcatOperators.All, .. CropOperators.All, .. ReshapeOperators.All, .. LayoutOperators.All,
        .. IndexOperators.All, .. ResizeOperators.All, .. SamplingOperators.All, .. ReductionOperators.All,
        .. GeneratorOperators.All, .. RandomOperators.All, .. ConversionOperators.All, .. RecurrentOperators.All,
        .. ControlFlowOperators.All, .. OtherOperators.All,
    ];

    /// <summary>
    /// Operators of ONNX Runtime's own set, which its optimizer and some exporters write. A conversion decomposes them into
    /// ONNX's first of all, so that nothing else needs to be known of them.
    /// </summary>
    public static IReadOnlyList<Operator> OfRuntime { get; } = [.. RuntimeActivations.All, .. FusedConvOperators.All];

    private static readonly Dictionary<string, Operator> ByName = All.ToDictionary(o => o.Name);
    private static readonly Dictionary<string, Operator> RuntimeByName = OfRuntime.ToDictionary(o => o.Name);

    /// <summary>What is known of an operator of ONNX's own set, or null where nothing is.</summary>
    public static Operator? Find(string opType) => ByName.GetValueOrDefault(opType);

    /// <summary>What is known of a node's operator, whichever set it is of, or null where nothing is.</summary>
    public static Operator? Find(Node node) => node switch
    {
        { IsStandard: true } => Find(node.OpType),
        { Domain: RuntimeDomain } => RuntimeByName.GetValueOrDefault(node.OpType),
        _ => null,
    };

    /// <summary>The names of all operators of ONNX's own set that have one of the traits.</summary>
    public static IReadOnlyList<string> With(Traits traits) => [.. All.Where(o => (o.Traits & traits) != 0).Select(o => o.Name)];
}
