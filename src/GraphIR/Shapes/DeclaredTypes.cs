namespace MsSrConvert.GraphIR.Shapes;

/// <summary>How far the types that the file declares for computed values can fill in what inference leaves open.</summary>
internal sealed class DeclaredTypes
{
    private static readonly DeclaredTypes AsDeclared = new([]);

    /// <summary>Takes only element types from declarations.</summary>
    public static readonly DeclaredTypes ElementsOnly = new(null);

    private readonly Dictionary<string, Dim>? _symbols;

    private DeclaredTypes(Dictionary<string, Dim>? symbols) => _symbols = symbols;

    /// <summary>
    /// Without other input shapes declarations hold as they stand. With such that are special cases of the declared ones, their
    /// symbols are replaced; with any others the declared dimensions are stale.
    /// </summary>
    public static DeclaredTypes For(IReadOnlyDictionary<Value, Shape>? inputShapes)
    {
        if (inputShapes is null || inputShapes.Count == 0)
            return AsDeclared;
        var symbols = new Dictionary<string, Dim>();
        foreach (var (input, shape) in inputShapes)
        {
            if (!Bind(input.Shape, shape, symbols))
                return ElementsOnly;
        }

        return new DeclaredTypes(symbols);
    }

    /// <summary>Completes what was inferred by what is declared; null where nothing is known at all.</summary>
    public TensorType? Complete(TensorType? inferred, TensorType? declared)
    {
        if (declared is null)
            return inferred;
        var element = inferred is null or { Element: ElementType.Undefined } ? declared.Element : inferred.Element;
        var shape = inferred?.Shape;
        if (_symbols is not null && declared.Shape is { } written && (shape is null || shape.Rank == written.Rank))
            shape = new Shape(written.Select((d, i) => shape is null || shape[i].IsUnknown ? d.Substitute(_symbols) : shape[i]));
        return new TensorType(element, shape);
    }

    private static bool Bind(Shape? declared, Shape given, Dictionary<string, Dim> symbols)
    {
        if (declared?.Rank != given.Rank)
            return false;
        for (var i = 0; i < given.Rank; i++)
        {
            if (declared[i].IsUnknown || declared[i] == given[i])
                continue;
            if (declared[i].Terms is not [(var symbol, 1)] || declared[i].Offset != 0)
                return false;
            if (!symbols.TryAdd(symbol, given[i]) && symbols[symbol] != given[i])
                return false;
        }

        return true;
    }
}
