using Xunit;

namespace MsSrConvert.GraphIR.Tests.IR;

public sealed class ChainTests
{
    private readonly Chain<string> _chain = new();

    public ChainTests()
    {
        foreach (var item in new[] { "a", "b", "c" })
            _chain.Add(item);
    }

    [Fact]
    public void Items_go_to_the_end_or_in_front_of_another()
    {
        _chain.Add("x", before: "b");

        Assert.Equal(["a", "x", "b", "c"], _chain);
        Assert.Equal(("x", 4), (_chain[1], _chain.Count));
    }

    [Fact]
    public void An_item_has_the_one_behind_it()
    {
        _chain.Remove("b");

        Assert.Equal("c", _chain.After("a"));
        Assert.Null(_chain.After("c"));
    }

    [Fact]
    public void An_index_counts_anew_after_a_change()
    {
        Assert.Equal("b", _chain[1]);
        Assert.True(_chain.Remove("b"));
        Assert.Equal("c", _chain[1]);
        Assert.False(_chain.Remove("b"));
    }

    [Fact]
    public void An_order_replaces_the_present_one()
    {
        _chain.Reorder(["c", "a", "b"]);

        Assert.Equal(["c", "a", "b"], _chain);
        Assert.Equal("a", _chain.After("c"));
    }

    [Fact]
    public void An_item_stands_once_and_only_beside_one_that_is_there()
    {
        Assert.Throws<InvalidOperationException>(() => _chain.Add("a"));
        Assert.Throws<InvalidOperationException>(() => _chain.Add("x", before: "y"));
        Assert.Throws<InvalidOperationException>(() => _chain.After("x"));
        Assert.Equal(["a", "b", "c"], _chain);
    }

    [Fact]
    public void A_change_while_it_is_enumerated_is_refused() => Assert.Throws<InvalidOperationException>(() =>
    {
        foreach (var item in _chain)
            _chain.Remove(item);
    });
}
