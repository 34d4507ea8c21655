using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Tests.Support;
using Xunit;

namespace MsSrConvert.Passes.Tests.Infrastructure;

public class PassRunnerTests
{
    private const string Broken =
        "MSSR4001: The graph is broken after pass 'breaker': IR05 Graph 'tiny' has two values named 'output'.";

    private readonly Model _model = TinyGraphs.Between((net, x) => x);

    [Fact]
    public void A_pass_that_breaks_the_graph_is_named_with_the_passes_before_it()
    {
        var message = MessageOf(() => new PassRunner().Run(
            _model, new PassContext(), new Step("first"), new Step("second"), new Step("breaker", Break), new Step("never")));
        Assert.Equal($"{Broken} Passes before it: first, second.", message);
    }

    [Fact]
    public void The_passes_of_an_earlier_call_are_named_too()
    {
        var runner = new PassRunner();
        runner.Run(_model, new PassContext(), new Step("first"));
        Assert.Equal($"{Broken} Passes before it: first.",
            MessageOf(() => runner.Run(_model, new PassContext(), new Step("breaker", Break))));
    }

    [Fact]
    public void A_broken_input_is_told_from_a_broken_pass()
    {
        Break(_model);
        Assert.StartsWith("MSSR1006", MessageOf(() => new PassRunner().Run(_model, new PassContext(), new Step("first"))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_pass_that_breaks_the_graph_has_no_passes_before_it() =>
        Assert.Equal(Broken, MessageOf(() => new PassRunner().Run(_model, new PassContext(), new Step("breaker", Break))));

    [Fact]
    public void Observers_hear_of_every_pass_in_order()
    {
        var observer = new Listener();
        var runner = new PassRunner(observer);
        runner.Run(_model, new PassContext(), new Step("first"), new Step("second"));
        runner.Run(_model, new PassContext(), new Step("third"));
        Assert.Equal(["0 first 1", "1 second 1", "2 third 1"], observer.Heard);
    }

    [Fact]
    public void Passes_share_the_diagnostics()
    {
        var context = new PassContext();
        new PassRunner().Run(_model, context, new Step("first"), new Step("second"));
        Assert.Equal(["first", "second"], context.Diagnostics.Select(d => d.Message));
    }

    private static string MessageOf(Action run) => Assert.Throws<MsSrException>(run).Message;

    private static void Break(Model model) => model.Graph.Nodes[0].Output.Name = "output";

    private sealed class Step(string name, Action<Model>? rewrite = null) : IPass
    {
        public string Name => name;

        public PassResult Run(Model model, PassContext context)
        {
            rewrite?.Invoke(model);
            context.Report(new Diagnostic("MSSR4001", Severity.Info, name));
            return new PassResult(1);
        }
    }

    private sealed class Listener : IPassObserver
    {
        public List<string> Heard { get; } = [];

        public void AfterPass(int index, IPass pass, Model model, PassResult result, TimeSpan elapsed) =>
            Heard.Add($"{index} {pass.Name} {result.Changes}");
    }
}
