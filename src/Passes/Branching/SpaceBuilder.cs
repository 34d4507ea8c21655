using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Branching;

/// <summary>
/// Collects what the operators say about the feature values around them: which belong to one feature space, which channels are
/// coupled, and which can't be partitioned over branches and why. Operators state facts; nothing is decided here.
/// </summary>
internal sealed class SpaceBuilder
{
    private readonly DisjointSets<Value> _spaces = new();
    private readonly Dictionary<Value, string> _closed = [];
    private readonly HashSet<(Node Node, Value Value, long Groups)> _groupedSides = [];

    /// <summary>Begins with no value known.</summary>
    /// <param name="branches">The number of branches n.</param>
    /// <param name="sizes">The sizes of all values.</param>
    public SpaceBuilder(int branches, InputSizes sizes) => (Branches, Sizes) = (branches, sizes);

    /// <summary>The number of branches n.</summary>
    public int Branches { get; }

    /// <summary>The sizes of all values, as they are in the source and as they are in branches.</summary>
    public InputSizes Sizes { get; }

    /// <summary>Shapes for input sizes that are valid multiples.</summary>
    public ShapeMap Shapes => Sizes.Shapes;

    /// <summary>The channel couplings.</summary>
    public ChannelSegments Segments { get; } = new();

    /// <summary>All feature values met so far, in the order they were met.</summary>
    public IReadOnlyCollection<Value> Features => _spaces.Items;

    /// <summary>Convs whose groups must come out equally wide in every branch, with the side they look at.</summary>
    public IReadOnlyCollection<(Node Node, Value Value, long Groups)> GroupedSides => _groupedSides;

    /// <summary>
    /// True for a floating-point N,C,H,W value with a known number of channels, one or more, that has an extent in space: what a
    /// feature space is made of. Pooled 1×1 values are not.
    /// </summary>
    public bool IsFeature(Value? value)
    {
        if (value is null || value.Initializer is not null)
            return false;
        if (_spaces.Contains(value))
            return true;
        var type = Shapes.TypeOf(value);
        if (type?.Shape is not { Rank: 4 } shape || !type.Element.IsFloatingPoint() || !shape[1].IsKnown || shape[1].Value < 1
            || IsPooled(value))
        {
            return false;
        }

        _spaces.Add(value);
        Segments.AddValue(value, shape[1].Value);
        return true;
    }

    /// <summary>
    /// True for a value with so few channels that it is an image (grey, RGB, RGBA) or a map, not features to partition.
    /// </summary>
    public bool IsImage(Value value) => Channels(value) <= ImageInputs.MostChannels;

    /// <summary>True for N,C,1,1: the result of global pooling, or a gate.</summary>
    public bool IsPooled(Value value) =>
        Sizes.Source.ShapeOf(value) is { Rank: 4 } shape && shape[2] == Dim.Known(1) && shape[3] == Dim.Known(1);

    /// <summary>The number of channels of a feature or pooled value.</summary>
    public long Channels(Value value) => Shapes.ShapeOf(value)![1].Value;

    /// <summary>Ties two feature values of equally many channels into one space, channel by channel.</summary>
    public void Link(Value a, Value b) => Link(new ChannelLink(a, 0, 1, b, 0, 1, Channels(a)));

    /// <summary>Ties two feature values into one space through the given channels.</summary>
    public void Link(ChannelLink link)
    {
        if (!IsFeature(link.A) || !IsFeature(link.B))
        {
            CloseIfFeature(link.A, "it is tied to a value of unknown channels");
            CloseIfFeature(link.B, "it is tied to a value of unknown channels");
            return;
        }

        Segments.Link(link);
        if (_spaces.Join(link.A, link.B) is { } joined && _closed.Remove(joined, out var reason))
            _closed.TryAdd(Root(link.A), reason);
    }

    /// <summary>Makes every branch carry its part of each of a conv's channel groups.</summary>
    public void KeepGroups(Node conv, Value value, long groups)
    {
        if (!IsFeature(value))
            return;
        var width = Channels(value) / groups;
        for (var g = 1; g < groups; g++)
            Segments.Cut(value, g * width);
        _groupedSides.Add((conv, value, groups));
    }

    /// <summary>Closes the value's space: it is not branched. The first reason given stands.</summary>
    public void CloseIfFeature(Value? value, string reason)
    {
        if (IsFeature(value))
            _closed.TryAdd(Root(value!), reason);
    }

    /// <summary>Closes the spaces of all inputs and outputs of a node.</summary>
    public void CloseAround(Node node, string reason)
    {
        foreach (var value in node.Inputs.Concat(node.Outputs))
            CloseIfFeature(value, reason);
    }

    /// <summary>Why the value's space is closed, or null when it is open.</summary>
    public string? WhyClosed(Value value) => _closed.GetValueOrDefault(Root(value));

    /// <summary>The value that stands for its feature space.</summary>
    public Value Root(Value value) => _spaces.Root(value);
}
