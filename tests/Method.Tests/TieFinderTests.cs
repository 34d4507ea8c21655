using MsSrConvert.GraphIR;
using Xunit;

namespace MsSrConvert.Method.Tests;

public sealed class TieFinderTests
{
    private readonly Graph _graph = new("net");

    private Value Weight(string name, params float[] values) => _graph.AddInitializer(name, TensorData.Of(values, values.Length));

    private Node Conv(string name, Value kernel, Value? bias = null) =>
        _graph.Add(new Node("Conv", [null, kernel, bias], [new Value(name)], name));

    private IReadOnlyList<TieState> Run(params Tie[] ties) => TieFinder.Run(_graph, ties);

    [Fact]
    public void Nodes_that_read_one_initializer_are_tied()
    {
        var (kernel, bias) = (Weight("w", 1, 2), Weight("b", 3));
        Conv("a", kernel, bias);
        Conv("b", kernel, bias);

        var states = Run(new Tie("w", ["a", "b"]), new Tie("b", ["a", "b"]));

        Assert.All(states, state => Assert.True(state.IsIntact));
        Assert.Equal([kernel, bias], states.Select(s => s.Copies.Single()));
    }

    // A layer's kernel is recorded before its bias.
    [Fact]
    public void A_tie_that_could_be_of_either_is_the_kernels()
    {
        var (kernel, bias) = (Weight("renamed", 1, 2), Weight("too", 3));
        Conv("a", kernel, bias);
        Conv("b", kernel, bias);

        Assert.Same(kernel, Run(new Tie("w", ["a", "b"])).Single().Copies.Single());
    }

    [Fact]
    public void Copies_break_a_tie_and_say_how_far_they_have_come_apart()
    {
        Conv("a", Weight("w", 1, 2));
        Conv("b", Weight("copy", 1, 5));

        var state = Run(new Tie("w", ["a", "b"])).Single();

        Assert.Equal((true, false, true, 3.0), (state.IsBroken, state.IsIntact, state.CanBeOne, state.MaxDifference()));
    }

    [Fact]
    public void Copies_of_two_shapes_cannot_be_one()
    {
        Conv("a", Weight("w", 1, 2));
        Conv("b", Weight("copy", 1));

        var state = Run(new Tie("w", ["a", "b"])).Single();

        Assert.False(state.CanBeOne);
        Assert.Equal(double.NaN, state.MaxDifference());
    }

    [Fact]
    public void A_node_that_is_gone_is_missing()
    {
        Conv("a", Weight("w", 1));

        var state = Run(new Tie("w", ["a", "b"])).Single();

        Assert.Equal(["b"], state.Missing);
        Assert.Equal((false, false), (state.IsIntact, state.IsBroken));
    }

    [Fact]
    public void A_weight_is_found_behind_nodes_that_hand_it_on()
    {
        var kernel = Weight("w", 1);
        var cast = _graph.Add(new Node("Cast", [kernel], [new Value("cast")], "cast"));
        Conv("a", _graph.Add(new Node("Identity", [cast.Output], [new Value("same")], "same")).Output);

        var read = Run(new Tie("w", ["a"])).Single().Reads.Single();

        Assert.Equal((kernel, new Use(cast, 0)), (read.Weight, read.Reader));
    }
}
