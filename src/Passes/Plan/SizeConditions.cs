using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Branching;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Plan;

/// <summary>
/// What must hold of sizes, for every height and width, where values are branched; a space in which it doesn't is closed. Branch
/// i of a value has its enlarged size halved i-1 times, so: the enlarged size can be halved; every window makes as many pixels of
/// each branch as it makes of the whole, halved; full values can be enlarged where branches begin and cut back where they end.
/// </summary>
internal sealed class SizeConditions(Graph graph, SpaceBuilder spaces)
{
    private static readonly int[] Sides = [2, 3];

    private readonly SizeSymbols _symbols = new(graph);
    private readonly HashSet<Node> _conflicting =
        [.. spaces.Shapes.Conflicts.Select(c => c.Node).Except(spaces.Sizes.Source.Conflicts.Select(c => c.Node))];
    private readonly int _halvings = spaces.Branches - 1;

    /// <summary>True when a space was closed.</summary>
    public bool ClosedAny { get; private set; }

    /// <summary>True for a node that is told the size of what it makes.</summary>
    public static bool MakesSize(Node node) => node.Is("Resize") || node.Is("Expand") || node.Is("ConstantOfShape");

    /// <summary>
    /// Closes spaces until all that are open meet the conditions: closing one makes borders of its neighbours' convs.
    /// </summary>
    public void Close()
    {
        bool closed;
        do
        {
            closed = false;
            foreach (var value in spaces.Features.Where(IsOpen).ToArray())
                closed |= CloseIf(value, WhyNotHalved(value) ?? WhyNotEnlarged(value));
            foreach (var node in graph.Nodes)
                closed |= Check(node);
            ClosedAny |= closed;
        }
        while (closed);
    }

    private bool IsOpen(Value? value) => value is not null && spaces.IsFeature(value) && spaces.WhyClosed(value) is null;

    private bool CloseIf(Value? value, string? reason)
    {
        if (reason is null || !IsOpen(value))
            return false;
        spaces.CloseIfFeature(value, reason);
        return true;
    }

    private bool Check(Node node)
    {
        var site = node.Is("Conv") ? ConvSite.Of(node) : new ConvSite(node, null);
        if (node.Inputs.Count == 0 || node.Outputs.Count == 0 || site.Conv.Input(0) is null || node.Outputs[0] is null)
            return false;
        var (input, output) = (site.Input, node.Output);
        var reason = _conflicting.Contains(node) ? $"the sizes around {node} don't fit together where maps are enlarged" : null;
        reason ??= WhyNotRead(node);
        if (IsOpen(input))
            reason ??= WhyWindowUneven(site);
        else if (IsOpen(output))
            reason ??= WhyUnequal(site);
        reason ??= IsOpen(output)
            ? node.Inputs.OfType<Value>().Where(i => spaces.IsFeature(i) && !IsOpen(i)).Select(WhyNotEnlarged)
            .FirstOrDefault(r => r is not null) : null;
        reason ??= IsOpen(input) && node.IsConv() && !IsOpen(output) ? WhyNotEnlarged(output) : null;
        return reason is not null && (CloseIf(input, reason) | CloseIf(output, reason));
    }

    private string? WhyNotHalved(Value value)
    {
        var shape = spaces.Shapes.ShapeOf(value)!;
        return Sides.All(axis => shape[axis].TryDivide(1L << _halvings, out _))
            ? null
            : $"'{value.Name}' of size {shape[2]}×{shape[3]} can't be halved {_halvings} times for every input";
    }

    // Where a value has the source's size anyway nothing is computed; else both sizes must follow from the inputs', and grow.
    private string? WhyNotEnlarged(Value value)
    {
        if (spaces.Sizes.Source.ShapeOf(value) is not { Rank: 4 } own || spaces.Shapes.ShapeOf(value) is not { Rank: 4 } enlarged)
            return $"the size of '{value.Name}' isn't known";
        if (Sides.All(axis => own[axis] == enlarged[axis] && !own[axis].IsUnknown))
            return null;
        if (!Sides.All(axis => _symbols.Covers(own[axis]) && _symbols.Covers(enlarged[axis])))
            return $"the size {own[2]}×{own[3]} of '{value.Name}' doesn't follow from an input's height and width, so it can't be padded and cut back";
        return Sides.All(axis => spaces.Sizes.IsEnlarged(own[axis], enlarged[axis]))
            ? null
            : $"'{value.Name}' of size {own[2]}×{own[3]} would become {enlarged[2]}×{enlarged[3]}, which may be smaller";
    }

    // What reads a branched value's size, or makes a size of its own, must be able to compute it.
    private string? WhyNotRead(Node node)
    {
        var sized = node.Is("Shape") ? node.Input(0) : MakesSize(node) ? node.Output : null;
        return sized is null || !IsOpen(sized)
            || (
                spaces.Sizes.Source.ShapeOf(sized)?.All(_symbols.Covers) == true
                    && spaces.Shapes.ShapeOf(sized)?.All(_symbols.Covers) == true)
            ? null
            : $"the size around {node} doesn't follow from an input's height and width";
    }

    private string? WhyWindowUneven(ConvSite site)
    {
        if (Kernel(site.Conv) is not { } kernel || ConvGeometry.WhyNotScalable(site.Conv, kernel, site.Margin) is not null)
            return null;
        var (from, to) = (spaces.Shapes.ShapeOf(site.Input)!, spaces.Shapes.ShapeOf(site.Conv.Output));
        for (var halvings = 0; halvings <= _halvings; halvings++)
        {
            foreach (var axis in Sides)
            {
                if (!from[axis].TryDivide(1L << halvings, out var part))
                    return null;
                var made = ConvGeometry.OutputSide(site.Conv, kernel, site.Margin, axis - 2, part);
                if (to is not { Rank: 4 } || made.IsUnknown || made * (1L << halvings) != to[axis])
                {
                    var side = axis == 2 ? "rows" : "columns";
                    return $"{site.Conv} makes {made} {side} of {part} in branch {halvings + 1}, where {to?[axis]} of {from[axis]} become of the whole";
                }
            }
        }

        return null;
    }

    // A conv that only separates must make exactly the enlarged size.
    private string? WhyUnequal(ConvSite site)
    {
        if (!site.Conv.IsConv() || Kernel(site.Conv) is not { } kernel)
            return null;
        var (from, to) = (spaces.Shapes.ShapeOf(site.Input), spaces.Shapes.ShapeOf(site.Conv.Output)!);
        if (from is not { Rank: 4 } || WhyNotEnlarged(site.Input) is not null)
            return WhyNotEnlarged(site.Input) ?? $"the size of '{site.Input.Name}' isn't known";
        // Pads that depend on the size give what they give: inference knows it.
        var fixedPads = !ConvGeometry.OutputSide(site.Conv, kernel, site.Margin, 0, from[2]).IsUnknown;
        return !fixedPads
            || Sides.All(axis => ConvGeometry.OutputSide(site.Conv, kernel, site.Margin, axis - 2, from[axis]) == to[axis])
            ? null
            : $"{site.Conv} doesn't make '{site.Conv.Output.Name}' of size {to[2]}×{to[3]} of {from[2]}×{from[3]}";
    }

    private static IReadOnlyList<long>? Kernel(Node node) => node.OpType switch
    {
        "Conv" or "ConvTranspose" when node.Input(1)?.Initializer is { Dims.Count: 4 } weight => [weight.Dims[2], weight.Dims[3]],
        "AveragePool" or "MaxPool" or "LpPool" when node.GetInts("kernel_shape") is { Count: 2 } kernel => kernel,
        _ => null,
    };
}
