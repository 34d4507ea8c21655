using MsSrConvert.Passes.Infrastructure;
using Xunit;

namespace MsSrConvert.Passes.Tests.Infrastructure;

public sealed class DisjointSetsTests
{
    private readonly DisjointSets<string> _sets = new();

    [Fact]
    public void Joined_items_have_the_first_ones_root()
    {
        Assert.Equal("b", _sets.Join("a", "b"));
        Assert.Equal("d", _sets.Join("c", "d"));
        Assert.Equal("c", _sets.Join("b", "d"));

        Assert.All(["a", "b", "c", "d"], item => Assert.Equal("a", _sets.Root(item)));
        Assert.Null(_sets.Join("d", "a"));
    }

    [Fact]
    public void An_item_that_was_not_named_stands_for_itself()
    {
        Assert.Equal("x", _sets.Root("x"));
        Assert.False(_sets.Contains("x"));
        Assert.True(_sets.Add("x"));
        Assert.False(_sets.Add("x"));
    }

    [Fact]
    public void Items_keep_the_order_in_which_they_were_named()
    {
        _sets.Add("c");
        _sets.Join("b", "a");

        Assert.Equal(["c", "b", "a"], _sets.Items);
    }
}
