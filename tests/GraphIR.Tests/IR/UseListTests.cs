using System.Diagnostics;
using Xunit;

namespace MsSrConvert.GraphIR.Tests.IR;

public sealed class UseListTests
{
    private readonly Graph _graph = new("g");
    private readonly Value _x;
    private readonly Value _other;

    public UseListTests() => (_x, _other) = (_graph.AddInput(new Value("x")), _graph.AddInput(new Value("other")));

    private Node[] Readers(int count) =>
        [.. Enumerable.Range(0, count).Select(i => _graph.Add(new Node("Neg", [_x], [new Value($"v{i}")])))];

    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(100)]
    public void Uses_stay_in_the_order_in_which_they_were_made(int count)
    {
        var readers = Readers(count);
        foreach (var node in readers.Where((_, i) => i % 3 == 1))
            node.SetInput(0, _other);
        var late = _graph.Add(new Node("Abs", [_x], [new Value("late")]));

        var expected = readers.Where((_, i) => i % 3 != 1).Append(late).Select(n => new Use(n, 0)).ToArray();
        Assert.Equal(expected, _x.Uses);
        Assert.Equal(expected, Enumerable.Range(0, _x.Uses.Count).Select(i => _x.Uses[i]));
        Assert.Equal(expected.Length, _x.Uses.Count);
    }

    [Fact]
    public void Random_edits_leave_what_a_plain_list_holds()
    {
        var random = new Random(1);
        var readers = Readers(60);
        var expected = readers.ToList();
        for (var step = 0; step < 5000; step++)
        {
            var node = readers[random.Next(readers.Length)];
            if (expected.Remove(node))
            {
                node.SetInput(0, _other);
            }
            else
            {
                expected.Add(node);
                node.SetInput(0, _x);
            }

            Assert.Equal(expected.Count, _x.Uses.Count);
            if (expected.Count > 0)
                Assert.Equal((expected[0], expected[^1]), (_x.Uses[0].Node, _x.Uses[^1].Node));
        }

        Assert.Equal(expected, _x.Uses.Select(u => u.Node));
    }

    [Fact]
    public void An_index_outside_is_refused()
    {
        Readers(2);

        Assert.Throws<ArgumentOutOfRangeException>(() => _x.Uses[2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => _x.Uses[-1]);
    }

    [Fact]
    public void Changing_the_uses_while_they_are_enumerated_is_refused() => Assert.Throws<InvalidOperationException>(() =>
    {
        Readers(3);
        foreach (var use in _x.Uses)
            use.Node.SetInput(use.Index, _other);
    });

    // With a search for each use this takes a minute.
    [Fact]
    public void A_value_of_very_many_uses_is_replaced_in_linear_time()
    {
        Readers(200_000);
        var watch = Stopwatch.StartNew();

        _x.ReplaceAllUsesWith(_other);

        Assert.Equal((0, 200_000), (_x.Uses.Count, _other.Uses.Count));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
    }
}
