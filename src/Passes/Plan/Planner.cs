using System.IO.Enumeration;
using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Branching;
using MsSrConvert.Passes.Branching.Rules;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Plan;

/// <summary>
/// Feature-space analysis: asks every operator's rule, closes the spaces that can't be partitioned, and derives every conv's role
/// from its two sides.
/// </summary>
public sealed class Planner
{
    private readonly Graph _graph;
    private readonly ConversionOptions _options;
    private readonly PlannedSource _source;
    private readonly IReadOnlyDictionary<string, double[]>? _sensitivity;
    private readonly IReadOnlyDictionary<string, string> _closed;

    private Planner(
        ConversionOptions options, PlannedSource source, IReadOnlyDictionary<string, double[]>? sensitivity,
        IReadOnlyDictionary<string, string>? closed)
    {
        (_graph, _options, _source, _sensitivity) = (source.Model.Graph, options, source, sensitivity);
        _closed = closed ?? new Dictionary<string, string>();
    }

    /// <summary>Makes the plan.</summary>
    /// <param name="form">The source; not changed.</param>
    /// <param name="options">What the user asks for.</param>
    /// <param name="sensitivity">
    /// How much each channel of a value would lose at half size, at least 0, by the name of the value in the plan's source: the
    /// channels that lose most go to the finest branch, and values that aren't there count as 0. Null to partition channels in
    /// source order.
    /// </param>
    /// <param name="closed">
    /// Values that must not be branched, by name, with the reason: what a conversion found not to fit after all.
    /// </param>
    /// <exception cref="MsSrException">
    /// An option makes no sense (MSSR3001, MSSR3002, MSSR3003, MSSR3009), or nothing upscales (MSSR2004).
    /// </exception>
    public static ConversionPlan Plan(
        NormalForm form, ConversionOptions options, IReadOnlyDictionary<string, double[]>? sensitivity = null,
        IReadOnlyDictionary<string, string>? closed = null)
    {
        Check(options);
        return new Planner(options, PlannedSource.Of(form.Model, options), sensitivity, closed).Make();
    }

    /// <summary>Refuses options that make no sense.</summary>
    /// <exception cref="MsSrException">MSSR3001, MSSR3002, MSSR3009.</exception>
    public static void Check(ConversionOptions options)
    {
        if (options.Branches is < 2 or > 8)
        {
            throw new MsSrException(new Diagnostic("MSSR3001", Severity.Error,
                $"--branches must be 2 to 8, got {options.Branches}.",
                Hint: "Give a number from 2 to 8, for example --branches 2."));
        }

        if (options.ChannelAlign is < 1 or > 256)
        {
            throw new MsSrException(new Diagnostic("MSSR3002", Severity.Error,
                $"Channels can't be aligned to {options.ChannelAlign}.",
                Hint: "Give a number from 1 to 256, for example --channel-align 8."));
        }

        if (options.Opset is < OpsetRange.Oldest or > OpsetRange.Newest)
        {
            throw new MsSrException(new Diagnostic("MSSR3009", Severity.Error,
                $"Opset {options.Opset} can't be written.",
                Hint: $"Give a number from {OpsetRange.Oldest} to {OpsetRange.Newest}, for example --opset 17."));
        }
    }

    private ConversionPlan Make()
    {
        var sizes = SizeSolver.Solve(_source.Model, _options, Cost);
        var (spaces, layouts, _) = Settle(sizes, _sensitivity);
        var convs = _graph.Nodes.Where(Convs.IsConv).Select(node => Decide(node, spaces, layouts)).ToArray();
        return new ConversionPlan(_options, _source, convs, layouts, sizes);
    }

    private SizeCost Cost(InputSizes sizes)
    {
        var (spaces, layouts, sizesMatter) = Settle(sizes, sensitivity: null);
        var convs = _graph.Nodes.Where(Convs.IsConv).ToArray();
        var work = convs.Sum(c => ConvWork.Of(c, sizes, Decide(c, spaces, layouts).Role, _options));
        return new SizeCost(work, convs.Sum(c => ConvWork.Of(c, sizes, ConvRole.Kept, _options)), sizesMatter);
    }

    private SpaceBuilder Constrain(InputSizes sizes)
    {
        var spaces = new SpaceBuilder(_options.Branches, sizes);
        foreach (var value in _graph.Values)
            spaces.IsFeature(value);
        foreach (var input in _graph.Inputs)
            spaces.CloseIfFeature(input, "it is the network's input");
        foreach (var output in _graph.Outputs)
            spaces.CloseIfFeature(output, "it is the network's output");
        foreach (var node in _graph.Nodes)
        {
            if (OperatorRules.Find(node) is { } rule)
                rule.Constrain(node, spaces);
            else
                spaces.CloseAround(node, $"{node} can't be done branch by branch");
        }

        // At enlarged sizes: what rounds up at others, such as a U-Net's way back, isn't taken for an upscaler.
        foreach (var (value, reason) in BranchSpan.Resolve(_source.Model, _options, sizes.Shapes).Closed)
            spaces.CloseIfFeature(value, reason);
        foreach (var node in _graph.Nodes.Where(node => _options.Keep.Any(pattern => Matches(pattern, node.Name))))
            spaces.CloseAround(node, $"{node} is kept by request");
        foreach (var value in spaces.Features.ToArray())
        {
            if (value.Uses.FirstOrDefault(use => use.Node.Graph != _graph).Node is { } inner)
                spaces.CloseIfFeature(value, $"{inner} in a subgraph reads it");
            if (_closed.TryGetValue(value.Name, out var reason))
                spaces.CloseIfFeature(value, reason);
        }

        return spaces;
    }

    private (SpaceBuilder Spaces, Dictionary<Value, BranchLayout> Layouts, bool SizesMatter) Settle(
        InputSizes sizes, IReadOnlyDictionary<string, double[]>? sensitivity)
    {
        var spaces = Constrain(sizes);
        spaces.Segments.Solve();
        foreach (var value in spaces.Features)
        {
            if (spaces.Segments.Conflicts.TryGetValue(value, out var conflict))
                spaces.CloseIfFeature(value, conflict);
            else if (WhyTooNarrow(spaces, value) is { } narrow)
                spaces.CloseIfFeature(value, narrow);
        }

        var conditions = new SizeConditions(_graph, spaces);
        conditions.Close();
        var open = spaces.Features.Where(v => spaces.WhyClosed(v) is null).ToArray();
        var order = new ChannelOrder(spaces.Segments, open, sensitivity);
        var layouts = open.ToDictionary(v => v, v => LayoutBuilder.Build(spaces.Segments, v, _options, order));
        var uneven = spaces.GroupedSides
            .Where(
                side => layouts.TryGetValue(side.Value, out var layout)
                    && !LayoutBuilder.HasEvenGroups(layout, spaces.Channels(side.Value), side.Groups))
            .ToArray();
        foreach (var (node, value, _) in uneven)
            spaces.CloseIfFeature(value, $"the groups of {node} come out unequal");
        conditions.Close();
        foreach (var value in layouts.Keys.Where(v => spaces.WhyClosed(v) is not null))
            layouts.Remove(value);
        return (spaces, layouts, conditions.ClosedAny);
    }

    private static ConvDecision Decide(Node node, SpaceBuilder spaces, Dictionary<Value, BranchLayout> layouts)
    {
        var (input, output) = (ConvSite.Of(node).Input, node.Output);
        return (layouts.ContainsKey(input), layouts.ContainsKey(output)) switch
        {
            (false, true) =>
                new(node, ConvRole.Separation, $"enters a feature space; its input is not branched: {WhyFull(input, spaces)}"),
            (true, true) => new(node, ConvRole.Interaction, "stands between two feature spaces"),
            (true, false) =>
                new(node, ConvRole.Fusion, $"leaves a feature space; its output is not branched: {WhyFull(output, spaces)}"),
            _ => new(node, ConvRole.Kept, WhyKept(node, spaces)),
        };
    }

    private static string WhyKept(Node node, SpaceBuilder spaces)
    {
        var (input, output) = (WhyFull(ConvSite.Of(node).Input, spaces), WhyFull(node.Output, spaces));
        return input == output ? input : $"not branched: input: {input}; output: {output}";
    }

    private static string WhyFull(Value value, SpaceBuilder spaces)
    {
        if (spaces.IsFeature(value))
            return spaces.WhyClosed(value) ?? "it is not part of a feature space";
        return spaces.Shapes.ShapeOf(value) switch
        {
            { Rank: 4 } when spaces.IsPooled(value) => "it works on values pooled to 1×1",
            { Rank: 4 } => $"the channels of {value.Label} aren't known",
            { Rank: var rank } => $"{value.Label} has {rank} dimensions, not N,C,H,W",
            null => $"the shape of {value.Label} isn't known",
        };
    }

    private static string? WhyTooNarrow(SpaceBuilder spaces, Value value)
    {
        var (channels, units) = (spaces.Channels(value), spaces.Segments.FewestUnits(value));
        if (spaces.IsImage(value) || channels < spaces.Branches)
            return $"{value.Label} has only {channels} channel{(channels == 1 ? "" : "s")} to partition";
        return units < spaces.Branches
            ? $"a part of {value.Label} has only {units} channel{(units == 1 ? "" : "s")} to partition" : null;
    }

    private static bool Matches(string pattern, string name) =>
        FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
