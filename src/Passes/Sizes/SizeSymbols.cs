using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Sizes;

/// <summary>Where the symbols of sizes can be read while the network runs: off the shapes of its inputs.</summary>
internal sealed class SizeSymbols
{
    private readonly Dictionary<string, (Value Input, int Axis)> _axes = [];

    public SizeSymbols(Graph graph)
    {
        foreach (var input in graph.Inputs.Where(v => v.Initializer is null && v.Shape is not null))
        {
            foreach (var (axis, dim) in InputSizes.Named(input).Index())
            {
                if (dim.Terms is [(var symbol, 1)] && dim.Offset == 0)
                    _axes.TryAdd(symbol, (input, axis));
            }
        }
    }

    /// <summary>The input and axis of a symbol; null for one that no input has.</summary>
    public (Value Input, int Axis)? Find(string symbol) => _axes.TryGetValue(symbol, out var place) ? place : null;

    /// <summary>True when the size follows from the inputs' alone.</summary>
    public bool Covers(Dim dim) => !dim.IsUnknown && dim.Terms.All(term => Covers(term.Symbol));

    private bool Covers(string symbol)
    {
        if (_axes.ContainsKey(symbol))
            return true;
        if (DimParts.TryFloor(symbol, out var dividend, out _))
            return Covers(dividend);
        return DimParts.Factors(symbol) is { Count: > 1 } factors && factors.All(Covers);
    }
}
