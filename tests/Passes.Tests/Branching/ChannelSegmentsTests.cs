using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Branching;
using Xunit;

namespace MsSrConvert.Passes.Tests.Branching;

public class ChannelSegmentsTests
{
    private readonly ChannelSegments _segments = new();
    private readonly Value _a = new("a");
    private readonly Value _b = new("b");
    private readonly Value _c = new("c");

    [Fact]
    public void A_value_by_itself_is_one_segment_of_single_channels()
    {
        Solve((_a, 12));
        Assert.Equal([(0, 12, 12)], Of(_a));
    }

    [Fact]
    public void A_cut_ends_a_segment()
    {
        Add((_a, 12));
        _segments.Cut(_a, 5);
        Solve();
        Assert.Equal([(0, 5, 5), (5, 7, 7)], Of(_a));
    }

    [Fact]
    public void Linked_values_have_the_same_cuts_and_classes()
    {
        Add((_a, 12), (_b, 12), (_c, 12));
        Link(_a, 0, 1, _b, 0, 1, 12);
        Link(_b, 0, 1, _c, 0, 1, 12);
        _segments.Cut(_c, 4);
        Solve();
        Assert.Equal([(0, 4, 4), (4, 8, 8)], Of(_a));
        Assert.Equal(Classes(_a), Classes(_c));
        Assert.Equal(2, Classes(_a).Distinct().Count());
    }

    [Fact]
    public void A_concatenation_has_the_segments_of_its_parts()
    {
        Add((_a, 8), (_b, 6), (_c, 14));
        Link(_a, 0, 1, _c, 0, 1, 8);
        Link(_b, 0, 1, _c, 8, 1, 6);
        _segments.Cut(_b, 2);
        Solve();
        Assert.Equal([(0, 8, 8), (8, 2, 2), (10, 4, 4)], Of(_c));
        Assert.Equal(Classes(_c).Skip(1), Classes(_b));
    }

    [Fact]
    public void The_same_value_concatenated_twice_is_one_class()
    {
        Add((_a, 6), (_c, 12));
        Link(_a, 0, 1, _c, 0, 1, 6);
        Link(_a, 0, 1, _c, 6, 1, 6);
        Solve();
        Assert.Single(Classes(_c).Distinct());
    }

    [Fact]
    public void Channels_that_become_one_are_a_unit()
    {
        Add((_a, 48), (_b, 12));
        Link(_a, 0, 4, _b, 0, 1, 12);
        Solve();
        Assert.Equal([(0, 48, 12)], Of(_a));
        Assert.Equal([(0, 12, 12)], Of(_b));
    }

    [Fact]
    public void Cuts_pass_through_units_in_both_directions()
    {
        Add((_a, 48), (_b, 12));
        Link(_a, 0, 4, _b, 0, 1, 12);
        _segments.Cut(_b, 3);
        _segments.Cut(_a, 32);
        Solve();
        Assert.Equal([(0, 12, 3), (12, 20, 5), (32, 16, 4)], Of(_a));
        Assert.Equal([(0, 3, 3), (3, 5, 5), (8, 4, 4)], Of(_b));
    }

    [Fact]
    public void Units_of_a_chain_multiply()
    {
        Add((_a, 96), (_b, 24), (_c, 6));
        Link(_a, 0, 4, _b, 0, 1, 24);
        Link(_b, 0, 4, _c, 0, 1, 6);
        Solve();
        Assert.Equal([(0, 96, 6)], Of(_a));
        Assert.Equal([(0, 24, 6)], Of(_b));
    }

    [Fact]
    public void A_value_read_in_two_units_has_the_coarser_one()
    {
        Add((_a, 36), (_b, 9), (_c, 4));
        Link(_a, 0, 4, _b, 0, 1, 9);
        Link(_a, 0, 9, _c, 0, 1, 4);
        Solve();
        Assert.Equal([(0, 36, 1)], Of(_a));
    }

    [Fact]
    public void Runs_in_depth_first_order_are_segments_of_one_class()
    {
        Add((_a, 24), (_b, 6));
        for (var k = 0; k < 4; k++)
            Link(_a, k * 6, 1, _b, 0, 1, 6);
        Solve();
        Assert.Equal([(0, 6, 6), (6, 6, 6), (12, 6, 6), (18, 6, 6)], Of(_a));
        Assert.Single(Classes(_a).Distinct());
    }

    [Fact]
    public void A_cut_inside_a_unit_is_a_conflict()
    {
        Add((_a, 48), (_b, 12));
        Link(_a, 0, 4, _b, 0, 1, 12);
        _segments.Cut(_a, 6);
        Solve();
        Assert.Equal([new(_a, "channels 4..6 must stay together in one place and be apart in another")], _segments.Conflicts);
    }

    [Fact]
    public void Repeated_channels_are_repeated_in_every_value_linked_to_them()
    {
        Add((_a, 15), (_b, 15));
        Link(_a, 0, 1, _b, 0, 1, 15);
        _segments.Repeat(_a, 12, 3);
        Solve();
        Assert.Equal([false, true], Classes(_b).Select(c => c.IsRepeated));
        Assert.Equal(12, _segments.FewestUnits(_b));
    }

    [Fact]
    public void The_fewest_units_are_those_of_the_narrowest_segment()
    {
        Add((_a, 24), (_b, 6));
        _segments.Cut(_a, 20);
        Solve();
        Assert.Equal(4, _segments.FewestUnits(_a));
        Assert.Equal(6, _segments.FewestUnits(_b));
    }

    private void Add(params (Value Value, long Channels)[] values)
    {
        foreach (var (value, channels) in values)
            _segments.AddValue(value, channels);
    }

    private void Link(Value a, long startA, long unitA, Value b, long startB, long unitB, long count) =>
        _segments.Link(new ChannelLink(a, startA, unitA, b, startB, unitB, count));

    private void Solve(params (Value Value, long Channels)[] values)
    {
        Add(values);
        _segments.Solve();
    }

    private IEnumerable<(int Start, int Length, int Units)> Of(Value value) =>
        _segments.Segments(value).Select(s => ((int)s.Start, (int)s.Length, (int)s.Class.Units));

    private IEnumerable<SegmentClass> Classes(Value value) => _segments.Segments(value).Select(s => s.Class);
}
