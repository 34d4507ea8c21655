using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Rewrite;
using Xunit;

namespace MsSrConvert.Passes.Tests.Rewrite;

public class CancelCastsPassTests
{
    private const string Report = "This is a mistake in the converter; please report it with the model.";

    private readonly Model _model = new(new Graph("casts"));
    private readonly Value _whole = new("whole");

    public CancelCastsPassTests() => _model.OpsetImports[BranchCasts.Domain] = 1;

    [Fact]
    public void Branches_that_are_put_together_and_taken_apart_are_read_directly()
    {
        var made = Made();
        BranchCasts.Join(_model.Graph, _whole, made);
        var apart = BranchCasts.BranchesOf(_model.Graph, _whole, 2, NameScope.OfGraph(_model.Graph));
        var reader = _model.Graph.Add(new Node("Add", apart, [new Value("sum")]));
        _model.Graph.AddOutput(reader.Output);

        Assert.Equal(1, new CancelCastsPass().Run(_model, new PassContext()).Changes);
        Assert.Equal(made, reader.Inputs.OfType<Value>());
        Assert.DoesNotContain(_model.Graph.Nodes, n => n.Domain == BranchCasts.Domain);
        Assert.DoesNotContain(BranchCasts.Domain, _model.OpsetImports.Keys);
    }

    [Fact]
    public void Two_readers_get_the_same_branches()
    {
        var names = NameScope.OfGraph(_model.Graph);
        BranchCasts.Join(_model.Graph, _whole, Made());
        Assert.Equal(BranchCasts.BranchesOf(_model.Graph, _whole, 2, names),
            BranchCasts.BranchesOf(_model.Graph, _whole, 2, names));
    }

    [Fact]
    public void Branches_that_nothing_computes_are_reported()
    {
        _model.Graph.Add(new Node("Relu", [new Value("x")], [_whole], "relu"));
        BranchCasts.BranchesOf(_model.Graph, _whole, 2, NameScope.OfGraph(_model.Graph));
        Assert.Equal(
            $"MSSR4002: 'whole' is read in branches but nothing computes its branches. {Report}",
            Assert.Throws<MsSrException>(() => new CancelCastsPass().Run(_model, new PassContext())).Message);
    }

    [Fact]
    public void A_reader_of_a_value_that_exists_in_branches_only_is_reported()
    {
        BranchCasts.Join(_model.Graph, _whole, Made());
        _model.Graph.Add(new Node("Relu", [_whole], [new Value("y")], "relu"));
        Assert.Equal(
            $"MSSR4002: 'whole' exists in branches only, and Relu 'relu' reads it whole. {Report}",
            Assert.Throws<MsSrException>(() => new CancelCastsPass().Run(_model, new PassContext())).Message);
    }

    private Value[] Made()
    {
        var input = _model.Graph.AddInput(new Value("input"));
        return [.. new[] { "fine",
            "coarse" }.Select(name => _model.Graph.Add(new Node("Relu", [input], [new Value(name)], $"make_{name}")).Output)];
    }
}
