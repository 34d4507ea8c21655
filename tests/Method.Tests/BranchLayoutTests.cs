using Xunit;

namespace MsSrConvert.Method.Tests;

public sealed class BranchLayoutTests
{
    [Fact]
    public void Padding_stands_for_the_channel_it_copies()
    {
        var layout = new BranchLayout([[0, 2], [1, ~0]]);

        Assert.Equal((2, 2), (layout.Branches, layout.Width));
        Assert.Equal([1, 0], layout.Copied(1));
        Assert.Equal([0, 2, 1, ~0], layout.Concatenated);
        Assert.Equal((3, 3), (BranchLayout.SourceOf(3), BranchLayout.SourceOf(~3)));
    }

    [Fact]
    public void Channels_in_order_are_contiguous()
    {
        Assert.True(new BranchLayout([[0, 1], [2, 3]]).IsContiguous);
        Assert.False(new BranchLayout([[0, 2], [1, 3]]).IsContiguous);
    }

    [Fact]
    public void Layouts_of_equal_channels_are_equal()
    {
        Assert.Equal(new BranchLayout([[0, 1], [2, 3]]), new BranchLayout([[0, 1], [2, 3]]));
        Assert.NotEqual(new BranchLayout([[0, 1], [2, 3]]), new BranchLayout([[0, 1, 2, 3]]));
        Assert.Equal(new BranchLayout([[0, 1]]).GetHashCode(), new BranchLayout([[0, 1]]).GetHashCode());
    }

    [Fact]
    public void Branches_are_equally_wide()
    {
        Assert.Throws<ArgumentException>(() => new BranchLayout([[0], [1, 2]]));
        Assert.Throws<ArgumentException>(() => new BranchLayout([]));
    }
}
