using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Rewrite;

/// <summary>
/// Writes sizes as the few integer nodes that compute them from the inputs' shapes; what is alike is written once. Sizes that are
/// numbers become constants.
/// </summary>
internal sealed class SizeWriter(Graph graph, NameScope names)
{
    private const string Prefix = "mssr";
    private readonly Emitter _emit = new(names);
    private readonly SizeSymbols _symbols = new(graph);
    private readonly Dictionary<string, Value> _written = [];

    /// <summary>An int64 list of these sizes.</summary>
    /// <exception cref="InvalidOperationException">
    /// A size doesn't follow from the inputs' alone; the planner closes such spaces.
    /// </exception>
    public Value Write(params IReadOnlyList<Dim> sizes)
    {
        if (sizes.All(size => size.IsKnown))
            return Integers([.. sizes.Select(size => size.Value)]);
        return Once(string.Join(", ", sizes),
            () => AreAlike(sizes) ? Sum(sizes) : Joined([.. sizes.Select(size => Write(size))]));
    }

    /// <summary>A constant list of integers.</summary>
    public Value Integers(params IReadOnlyList<long> values) => Once($"= {string.Join(", ", values)}", () =>
        _emit.Initializer(graph, $"{Prefix}/integers", TensorData.Of([.. values], values.Count)));

    /// <summary>Lists put together.</summary>
    public Value Joined(IReadOnlyList<Value> lists) =>
        Once($"joined {string.Join(", ", lists.Select(list => list.Name))}",
            () => Emit("joined", "Concat", lists, node => node.With("axis", 0)));

    /// <summary>The difference of two lists.</summary>
    public Value Difference(Value a, Value b) => Once($"{a.Name} - {b.Name}", () => Emit("missing", "Sub", [a, b]));

    // Sizes of one form, such as 2*floor((height+1)/2) and 2*floor((width+1)/2), are computed side by side.
    private static bool AreAlike(IReadOnlyList<Dim> sizes) => sizes.All(size => size.Terms.Count == sizes[0].Terms.Count
        && size.Terms.Select(t => Kind(t.Symbol)).SequenceEqual(sizes[0].Terms.Select(t => Kind(t.Symbol))));

    private static int Kind(string symbol) => DimParts.TryFloor(symbol, out _, out _) ? 0 : DimParts.Factors(symbol).Count;

    private Value Sum(IReadOnlyList<Dim> sizes)
    {
        Value? sum = null;
        for (var term = 0; term < sizes[0].Terms.Count; term++)
        {
            var value = Times(Symbols([.. sizes.Select(size => size.Terms[term].Symbol)]),
                [.. sizes.Select(size => size.Terms[term].Coefficient)]);
            sum = sum is null ? value : Emit("sum", "Add", [sum, value]);
        }

        var offsets = sizes.Select(size => size.Offset).ToArray();
        return offsets.All(offset => offset == 0) ? sum! : Emit("plus", "Add", [sum!, Integers(offsets)]);
    }

    private Value Times(Value value, IReadOnlyList<long> factors) =>
        factors.All(factor => factor == 1) ? value : Emit("times", "Mul", [value, Integers(factors)]);

    private Value Symbols(IReadOnlyList<string> symbols) =>
        Once($"symbols {string.Join(", ", symbols)}", () => Kind(symbols[0]) switch
    {
        0 => Rounded(symbols),
        1 => Read(symbols),
        _ => Enumerable.Range(0, Kind(symbols[0])).Select(k => Symbols([.. symbols.Select(s => DimParts.Factors(s)[k])]))
            .Aggregate((a, b) => Emit("times", "Mul", [a, b])),
    });

    private Value Rounded(IReadOnlyList<string> symbols)
    {
        var parts = symbols
            .Select(symbol => DimParts.TryFloor(symbol, out var dividend, out var divisor) ? (dividend, divisor) : default)
            .ToArray();
        return Emit("blocks", "Div", [Write([.. parts.Select(p => p.dividend)]), Integers([.. parts.Select(p => p.divisor)])]);
    }

    private Value Read(IReadOnlyList<string> symbols)
    {
        var places = symbols.Select(symbol => _symbols.Find(symbol)
            ?? throw new InvalidOperationException($"The size '{symbol}' doesn't follow from the inputs.")).ToArray();
        if (places.Any(place => place.Input != places[0].Input))
            return Joined([.. symbols.Select(symbol => Symbols([symbol]))]);
        var input = places[0].Input;
        var shape = Once($"shape {input.Name}", () => Emit($"{input.Name}/shape", "Shape", [input]));
        return Emit($"{input.Name}/size", "Gather", [shape, Integers([.. places.Select(place => (long)place.Axis)])],
            node => node.With("axis", 0));
    }

    private Value Once(string what, Func<Value> write)
    {
        if (!_written.TryGetValue(what, out var value))
            _written[what] = value = write();
        return value;
    }

    private Value Emit(string what, string opType, IEnumerable<Value?> inputs, Action<Node>? configure = null)
    {
        var node = _emit.Append(graph, $"{Prefix}/{what}".Replace('.', '_'), opType, inputs);
        configure?.Invoke(node);
        return node.Output;
    }
}
