using MsSrConvert.GraphIR.Editing;
using Xunit;

namespace MsSrConvert.GraphIR.Tests.Editing;

public sealed class EmitterTests
{
    private readonly Model _model = new(new Graph("net"));
    private readonly Value _x;
    private readonly Node _neg;

    public EmitterTests()
    {
        _x = _model.Graph.AddInput(new Value("x"));
        _neg = _model.Graph.Add(new Node("Neg", [_x], [new Value("n/part")], "n"));
    }

    [Fact]
    public void Names_of_nodes_and_values_are_two_sets()
    {
        var emit = new Emitter(_model);

        var (first, second) = (emit.Before(_neg, "Abs", "part", _x), emit.Before(_neg, "Abs", "part", _x));

        Assert.Equal([first, second, _neg], _model.Graph.Nodes);
        Assert.Equal(("n/part", "n/part_1"), (first.Name, first.Output.Name));
        Assert.Equal(("n/part_1", "n/part_2"), (second.Name, second.Output.Name));
        Assert.Equal("Neg 'n'", first.ToString());
    }

    [Fact]
    public void Names_of_nodes_and_values_are_one_set()
    {
        var emit = new Emitter(NameScope.OfGraph(_model.Graph));

        var (one, two) = (emit.Append(_model.Graph, "n", "Abs", [_x]), emit.Append(_model.Graph, "s", "Split", [_x], outputs: 2));

        Assert.Equal([_neg, one, two], _model.Graph.Nodes);
        Assert.Equal(["n_2", "n_2_out"], [one.Name, one.Output.Name]);
        Assert.Equal(["s_out1", "s_out2"], two.Outputs.Select(o => o!.Name));
    }

    [Fact]
    public void Initializers_are_named_after_their_owner()
    {
        var emit = new Emitter(_model);

        Assert.Equal(["n/axes", "n/axes_1"], [emit.Ints(_neg, "axes", 1).Name, emit.Ints(_neg, "axes", 2, 3).Name]);
        Assert.Equal([2, 3], _model.Graph.Initializers[1].Initializer!.ToInt64s());
    }

    [Fact]
    public void Names_that_are_taken_get_a_number()
    {
        var body = new Graph("body");
        body.Add(new Node("Abs", [_x], [new Value("inner")], "deep"));
        _model.Graph.Add(new Node("If", [_x], [new Value("y")], "if").With("then_branch", new GraphAttribute(body)));
        string[] Unique(NameScope names, params string[] wanted) => [.. wanted.Select(names.Unique)];

        Assert.Equal(["x_2", "x_3", "n_2", "inner_2", "deep_2", "z", "z_2"],
            Unique(NameScope.OfGraph(_model.Graph), "x", "x", "n", "inner", "deep", "z", "z"));
        Assert.Equal(["x_1", "n", "inner_1", "deep"], Unique(NameScope.OfValues(_model), "x", "n", "inner", "deep"));
        Assert.Equal(["x", "n_1", "inner", "deep_1"], Unique(NameScope.OfNodes(_model), "x", "n", "inner", "deep"));
    }
}
