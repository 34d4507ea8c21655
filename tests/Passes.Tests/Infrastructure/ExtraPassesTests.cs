using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Passes.Tests.Support;
using Xunit;

namespace MsSrConvert.Passes.Tests.Infrastructure;

/// <summary>Where a library user's passes run.</summary>
public class ExtraPassesTests
{
    [Fact]
    public void Passes_run_before_and_after_every_stage_and_are_numbered_with_the_others()
    {
        var extra = Enum.GetValues<Stage>().Aggregate(ExtraPasses.None, (all, stage) =>
            all.Before(stage, new Look($"before-{stage}")).After(stage, new Look($"after-{stage}")));
        var seen = Run(extra);
        Assert.Equal(Enumerable.Range(0, seen.Count), seen.Select(s => s.Index));
        Assert.Equal(
            [
                "before-Lift", "inline-functions", "agree-inputs", "after-Lift", "before-Normalize", "upgrade-operators",
                "unique-names", "after-Normalize",
                "before-Prepare", "defer-crops", "defer-crops", "after-Prepare", "before-Rewrite", "separation", "cancel-casts",
                "after-Rewrite",
                "before-Cleanup", "remove-dead-nodes", "infer-shapes", "after-Cleanup", "before-Record", "metadata", "metadata",
                "after-Record",
            ],
            Enum.GetValues<Stage>()
                .SelectMany(stage => FirstAndLast(seen.Select(s => s.Name).ToList(), $"before-{stage}", $"after-{stage}")));
    }

    [Fact]
    public void Several_passes_at_one_place_run_in_the_order_they_were_given()
    {
        var seen = Run(ExtraPasses.None.After(Stage.Rewrite, new Look("first")).After(Stage.Rewrite, new Look("second")));
        Assert.Equal(["cancel-casts", "first", "second", "remove-dead-nodes"],
            seen.Select(s => s.Name).SkipWhile(n => n != "cancel-casts").Take(4));
    }

    [Fact]
    public void What_a_pass_does_to_the_normal_form_is_converted()
    {
        var result = Converter.Convert(
            TinyGraphs.Between((net, x) => net.Conv(x, "a", 12, 3)), new ConversionOptions(), new SliceInitializer(),
            extra: ExtraPasses.None.After(Stage.Normalize, new Rename("/a/Conv", "/renamed/Conv")));
        Assert.Equal(["/head/Conv", "/renamed/Conv", "/tail/Conv"], result.Plan.Convs.Select(c => c.Node.Name));
        Assert.Contains(result.Model.Graph.Nodes, n => n.Name == "/renamed/Conv/same1");
    }

    [Fact]
    public void A_pass_that_breaks_the_graph_is_named() => Assert.Contains(
        "MSSR4001: The graph is broken after pass 'break'",
        Assert.Throws<MsSrException>(() => Run(ExtraPasses.None.After(Stage.Cleanup, new Break()))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void The_stages_of_a_conversion_and_their_passes()
    {
        var form = NormalForm.Of(TinyGraphs.Between((net, x) => x));
        var options = new ConversionOptions { SeparateAt = "/tail/Conv" };
        PassStage[] stages = [Normalization.Lifting(), Normalization.Normalizing(),
            .. Rewriter.Stages(Planner.Plan(form, options), new SliceInitializer())];
        Assert.Equal(Enum.GetValues<Stage>(), stages.Select(s => s.Stage));
        Assert.Equal("defer-crops split-off", string.Join(' ', stages[2].Passes.Select(p => p.Name)));
        Assert.Equal("separation interaction fusion branch-wise pad-crop cancel-casts",
            string.Join(' ', stages[3].Passes.Select(p => p.Name)));
    }

    private static List<(int Index, string Name)> Run(ExtraPasses extra)
    {
        var listener = new Listener();
        Converter.Convert(TinyGraphs.Between((net, x) => x), new ConversionOptions(), new SliceInitializer(), extra: extra,
            observers: listener);
        return listener.Seen;
    }

    private static IEnumerable<string> FirstAndLast(List<string> names, string before, string after)
    {
        var (from, to) = (names.IndexOf(before), names.IndexOf(after));
        return [names[from], names[from + 1], names[to - 1], names[to]];
    }

    private sealed class Look(string name) : IPass
    {
        public string Name => name;

        public PassResult Run(Model model, PassContext context) => default;
    }

    private sealed class Rename(string from, string to) : IPass
    {
        public string Name => "rename";

        public PassResult Run(Model model, PassContext context)
        {
            model.Node(from).Name = to;
            return new PassResult(1);
        }
    }

    private sealed class Break : IPass
    {
        public string Name => "break";

        public PassResult Run(Model model, PassContext context)
        {
            model.Graph.Nodes[0].Output.Name = "output";
            return new PassResult(1);
        }
    }

    private sealed class Listener : IPassObserver
    {
        public List<(int Index, string Name)> Seen { get; } = [];

        public void AfterPass(int index, IPass pass, Model model, PassResult result, TimeSpan elapsed) =>
            Seen.Add((index, pass.Name));
    }
}
