using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize.Support;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Normalize;

/// <summary>
/// Completes what the graph declares of its inputs' sizes by what the network needs: dimensions of two inputs that meet in a
/// Concat or a sum are one, a dimension that meets a number is that number (the network runs at one size only, which is
/// reported), and an input of unknown shape that a two-dimensional conv reads is (N,C,H,W).
/// </summary>
public sealed class AgreeInputs : IPass
{
    /// <inheritdoc/>
    public string Name => "agree-inputs";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var changes = model.Graph.Inputs.Count(Complete);
        var fixedBy = new Dictionary<string, (Dim Size, Node Node)>();
        while (NextAgreement(model) is var (symbol, size, node))
        {
            if (size.IsKnown)
                fixedBy[symbol] = (size, node);
            Substitute(model, symbol, size);
            changes++;
        }

        if (fixedBy.Count > 0)
            context.Report(OneSizeOnly(model, fixedBy));
        return new PassResult(changes);
    }

    private static bool Complete(Value input)
    {
        if (input.Initializer is not null || input.Tensor is not { Shape: null } type)
            return false;
        var conv = input.Uses
            .FirstOrDefault(
                use => use.Index == 0 && use.Node.Is("Conv") && use.Node.Input(1).Constant() is { Dims.Count: 4 }).Node;
        if (conv is null)
            return false;
        var channels = conv.Input(1).Constant()!.Dims[1] * conv.IntOf("group");
        input.Type = type with { Shape = new Shape(Dim.Unknown, channels, Dim.Unknown, Dim.Unknown) };
        return true;
    }

    // The first symbol of an input that must be something else, what it must be, and where.
    private static (string Symbol, Dim Size, Node Node)? NextAgreement(Model model)
    {
        var named = InputSizes.AnySize(model);
        var symbols = named.Values.SelectMany(shape => shape).Where(d => d.Terms is [(_, 1)] && d.Offset == 0)
            .Select(d => d.Terms[0].Symbol).Distinct().ToList();
        if (symbols.Count == 0)
            return null;
        // A batch of one meets every number in a sum, and one is what most batches are.
        var batches = named.Values.Where(shape => shape.Rank > 0).Select(shape => shape[0]).ToHashSet();
        var shapes = ShapeInference.Infer(model, named);
        foreach (var node in model.Graph.Nodes)
        {
            foreach (var (a, b) in SizesThatMeet.At(node, shapes))
            {
                if (Solve(a - b, symbols) is var (symbol, size)
                    && !(size.IsKnown && node.Has(Traits.Combining) && batches.Contains(Dim.Of(symbol))))
                {
                    return (symbol, size, node);
                }
            }
        }

        return null;
    }

    // What makes a difference of sizes zero, where it is a single symbol or the difference of two.
    private static (string Symbol, Dim Size)? Solve(Dim difference, List<string> symbols) => difference.Terms switch
    {
        [(var symbol, var factor)] when symbols.Contains(symbol) && difference.Offset % factor == 0
            && -difference.Offset / factor > 0 =>
            (symbol, -difference.Offset / factor),
        [(var first, var factor), (var second, var other)] when factor == -other && difference.Offset == 0
            && symbols.Contains(first) && symbols.Contains(second) =>
            symbols.IndexOf(first) < symbols.IndexOf(second) ? (second, Dim.Of(first)) : (first, Dim.Of(second)),
        _ => null,
    };

    private static void Substitute(Model model, string symbol, Dim size)
    {
        var replaced = new Dictionary<string, Dim> { [symbol] = size };
        foreach (var input in model.Graph.Inputs.Where(v => v.Shape is not null))
        {
            var named = InputSizes.Named(input);
            input.Type = input.Tensor! with
            {
                Shape = new Shape(
                input.Shape!.Select((dim, axis) => named[axis] == Dim.Of(symbol) ? size : dim.Substitute(replaced)))
            };
        }

        foreach (var value in model.AllGraphs().SelectMany(g => g.Values)
            .Where(v => !v.IsGraphInput && v.Initializer is null && v.Shape is not null))
        {
            value.Type = value.Tensor! with { Shape = new Shape(value.Shape!.Select(dim => dim.Substitute(replaced))) };
        }
    }

    private static Diagnostic OneSizeOnly(Model model, Dictionary<string, (Dim Size, Node Node)> fixedBy)
    {
        var sizes = fixedBy.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key} = {f.Value.Size}");
        var nodes = fixedBy.Values.Select(f => f.Node.ToString()).Distinct();
        var inputs = string.Join(", ",
            model.Graph.Inputs.Where(v => v.Initializer is null && v.Shape is not null).Select(v => $"'{v.Name}' {v.Shape}"));
        return new Diagnostic("MSSR2110", Severity.Warning,
            $"the network runs at one size only although it declares others: {string.Join(", ", sizes)} ({inputs}). It is converted at that size.",
            string.Join(", ", nodes), "Export the model again with sizes that are computed where they are to stay open.");
    }
}
