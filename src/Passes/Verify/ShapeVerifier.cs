using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Verify;

/// <summary>A place where a converted graph's sizes aren't proven to be right.</summary>
/// <param name="About">The source's node or output that the place comes from, for messages.</param>
/// <param name="Spaces">Branched values of the source around it, by name; none where nothing can be told.</param>
/// <param name="Reason">What isn't right, in one sentence.</param>
internal sealed record ShapeFault(string About, IReadOnlyList<string> Spaces, string Reason);

/// <summary>
/// Infers all shapes of a converted graph for inputs of any height and width and compares them with the source's: no node's sizes
/// contradict each other where the source's don't, every branch has the size that was planned, and every output has the source's.
/// It knows nothing of how the graph was rewritten but the names.
/// </summary>
internal sealed class ShapeVerifier
{
    private readonly Model _model;
    private readonly ConversionPlan _plan;
    private readonly ShapeMap _shapes;
    private readonly ShapeMap _wanted;

    private ShapeVerifier(Model model, ConversionPlan plan)
    {
        (_model, _plan) = (model, plan);
        // Who promises multiples gets the source's sizes for multiples.
        var promised = plan.Options.AssumeMultiple;
        _wanted = promised ? plan.InputSizes.Shapes : plan.InputSizes.Source;
        _shapes = AgreedShapes.Infer(model, promised
            ? InputSizes.Rounded(model, plan.InputSizes.ImagesOf(model), plan.InputSizes.Multiple, known: false)
            : InputSizes.AnySize(model));
    }

    /// <summary>What isn't proven, in execution order; empty for a graph that is right at every size.</summary>
    /// <param name="model">The converted model.</param>
    /// <param name="plan">What it was converted by.</param>
    /// <param name="branches">The branches that took the place of source values, by the value's name.</param>
    public static IReadOnlyList<ShapeFault> Check(Model model, ConversionPlan plan,
        IEnumerable<KeyValuePair<string, IReadOnlyList<Value>>> branches)
    {
        var verifier = new ShapeVerifier(model, plan);
        return [.. verifier.Conflicts(), .. verifier.Branches(branches), .. verifier.Values()];
    }

    private IEnumerable<ShapeFault> Conflicts()
    {
        var known = _wanted.Conflicts.Select(c => c.Node.Name).ToHashSet();
        return _shapes.Conflicts
            .Select(conflict => (conflict.Message, Source: _plan.SourceOf(conflict.Node.Name) ?? conflict.Node.Name))
            .Where(found => !known.Contains(found.Source))
            .Select(found => Fault(found.Source, $"sizes don't meet in its branches: {found.Message}"));
    }

    private IEnumerable<ShapeFault> Branches(IEnumerable<KeyValuePair<string, IReadOnlyList<Value>>> branches)
    {
        foreach (var (name, parts) in branches)
        {
            for (var branch = 0; branch < parts.Count; branch++)
            {
                Dim Wanted(int axis) => _plan.InputSizes.SideOf(_plan.Values[name], axis, branch).Enlarged;
                if (_shapes.ShapeOf(parts[branch]) is not { Rank: 4 } shape || shape[2] != Wanted(2) || shape[3] != Wanted(3))
                {
                    yield return Fault(_plan.Producers[name],
                        $"branch {branch + 1} of '{name}' is {_shapes.ShapeOf(parts[branch])} where {Wanted(2)}×{Wanted(3)} is needed");
                }
            }
        }
    }

    // Every value that keeps its name keeps its size; the first that doesn't is nearest to the cause.
    private IEnumerable<ShapeFault> Values()
    {
        foreach (var value in _model.Graph.Nodes.SelectMany(n => n.Outputs).OfType<Value>())
        {
            if (!_plan.Values.TryGetValue(value.Name, out var source) || _wanted.ShapeOf(source) is not { } wanted)
                continue;
            var shape = _shapes.ShapeOf(value);
            if (shape is null || shape.Rank != wanted.Rank
                || Enumerable.Range(0, wanted.Rank).Any(axis => !wanted[axis].IsUnknown && wanted[axis] != shape[axis]))
            {
                yield return Fault(_plan.Producers.GetValueOrDefault(value.Name) ?? value.Name,
                    $"'{value.Name}' is {shape?.ToString() ?? "of unknown size"} where the source gives {wanted}");
            }
        }
    }

    private ShapeFault Fault(string node, string reason) => new(node, _plan.BranchedAround.GetValueOrDefault(node) ?? [], reason);
}
