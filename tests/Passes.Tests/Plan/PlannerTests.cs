using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Passes.Tests.Support;
using MsSrConvert.Zoo;
using Xunit;

namespace MsSrConvert.Passes.Tests.Plan;

public class PlannerTests
{
    [Theory]
    [InlineData(1, "MSSR3001: --branches must be 2 to 8, got 1. Give a number from 2 to 8, for example --branches 2.")]
    [InlineData(9, "MSSR3001: --branches must be 2 to 8, got 9. Give a number from 2 to 8, for example --branches 2.")]
    public void A_number_of_branches_that_makes_no_sense_is_refused(int branches, string message) =>
        Refused(new ConversionOptions { Branches = branches }, message);

    [Theory]
    [InlineData(0, "MSSR3002: Channels can't be aligned to 0. Give a number from 1 to 256, for example --channel-align 8.")]
    [InlineData(257, "MSSR3002: Channels can't be aligned to 257. Give a number from 1 to 256, for example --channel-align 8.")]
    public void An_alignment_that_makes_no_sense_is_refused(int align, string message) =>
        Refused(new ConversionOptions { ChannelAlign = align }, message);

    [Theory]
    [InlineData(12), InlineData(99)]
    public void An_opset_that_cannot_be_written_is_refused(int opset) => Assert.StartsWith(
        $"MSSR3009: Opset {opset} can't be written.",
        Assert.Throws<MsSrException>(() => Planner.Check(new ConversionOptions { Opset = opset })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void First_middle_and_last_conv_get_their_roles_with_reasons() => Assert.Equal(
    [
        "/head/Conv Separation: enters a feature space; its input is not branched: it is the network's input",
        "/a/Conv Interaction: stands between two feature spaces",
        "/tail/Conv Fusion: leaves a feature space; its output is not branched: it is the network's output",
    ], Plan(TinyGraphs.Between((net, x) => net.Conv(x, "a", 12, 3))));

    [Theory]
    [InlineData("/a/Conv"), InlineData("/a/*"), InlineData("*a/C?nv")]
    public void A_kept_conv_stays_full_and_its_neighbours_fuse_and_separate(string pattern) => Assert.Equal(
    [
        "/head/Conv Separation: enters a feature space; its input is not branched: it is the network's input",
        "/before/Conv Fusion: leaves a feature space; its output is not branched: Conv '/a/Conv' is kept by request",
        "/a/Conv Kept: Conv '/a/Conv' is kept by request",
        "/behind/Conv Separation: enters a feature space; its input is not branched: Conv '/a/Conv' is kept by request",
        "/tail/Conv Fusion: leaves a feature space; its output is not branched: it is the network's output",
    ], Plan(ThreeConvs(), new() { Keep = [pattern] }));

    [Fact]
    public void An_operator_between_convs_can_be_kept_too() => Assert.Contains(
        "/tail/Conv Kept: not branched: input: Relu '/Relu' is kept by request; output: it is the network's output",
        Plan(TinyGraphs.Between((net, x) => net.Relu(x)), new() { Keep = ["/Relu"] }));

    [Fact]
    public void A_pattern_that_fits_nothing_keeps_nothing() =>
        Assert.DoesNotContain(Plan(ThreeConvs(), new() { Keep = ["/A/*"] }),
            line => line.Contains("Kept", StringComparison.Ordinal));

    [Fact]
    public void An_unsupported_operator_closes_its_own_space_only() => Assert.Equal(
        ["/head/Conv Separation", "/a/Conv Fusion", "/b/Conv Separation", "/tail/Conv Fusion"],
        Roles(TinyGraphs.Between((net, x) => net.Conv(net.Softmax(net.Conv(x, "a", 12, 3), 1), "b", 12, 3))));

    [Fact]
    public void An_operator_of_another_domain_closes_its_own_space_only()
    {
        var model = TinyGraphs.Between((net, x) =>
        {
            var blur = net.Emit("Blur", 12, net.Conv(x, "a", 12, 3));
            blur.Domain = "com.example";
            return net.Conv(blur.Output, "b", 12, 3);
        });
        model.OpsetImports["com.example"] = 1;
        Assert.Contains(
            "/a/Conv Fusion: leaves a feature space; its output is not branched: com.example::Blur '/Blur' can't be done branch by branch", Plan(model));
    }

    [Theory]
    [InlineData(4, "'/head/Conv_output_0' has only 4 channels to partition"),
        InlineData(1, "'/head/Conv_output_0' has only 1 channel to partition")]
    public void An_image_is_not_shared_out(int channels, string reason) => Assert.Equal(
        $"/tail/Conv Kept: not branched: input: {reason}; output: it is the network's output",
        Plan(TinyGraphs.Between((net, x) => x, channels))[1]);

    [Fact]
    public void Five_channels_are_features() =>
        Assert.Equal(["/head/Conv Separation", "/tail/Conv Fusion"], Roles(TinyGraphs.Between((net, x) => x, channels: 5)));

    [Fact]
    public void Fewer_channels_than_branches_are_not_shared_out() => Assert.Contains(
        "has only 7 channels to partition",
        Plan(TinyGraphs.Between((net, x) => x, channels: 7), new() { Branches = 8 })[0], StringComparison.Ordinal);

    [Fact]
    public void A_feature_that_is_an_output_of_the_network_stays_full()
    {
        var model = TinyGraphs.Between((net, x) =>
        {
            var middle = net.Conv(x, "a", 12, 3);
            net.Output(middle, new Shape(Dim.Of("batch"), 12, Dim.Of("height"), Dim.Of("width")), "middle");
            return net.Conv(middle, "b", 12, 3);
        });
        Assert.Equal(["/head/Conv Separation", "/a/Conv Fusion", "/b/Conv Separation", "/tail/Conv Fusion"], Roles(model));
    }

    [Fact]
    public void A_feature_that_is_an_input_of_the_network_stays_full() => Assert.Equal(
        ["/a/Conv Separation", "/tail/Conv Fusion"],
        Roles(TinyGraphs.Of((net, x) => net.Conv(net.Conv(x, "a", 12, 3), "tail", 3, 3), inputs: 18)));

    [Fact]
    public void A_feature_that_a_subgraph_reads_stays_full()
    {
        var model = TinyGraphs.Between((net, x) =>
        {
            var middle = net.Conv(x, "a", 12, 3);
            var condition = net.Emit("Greater", 0, net.Input(Shape.Known(1), "flag"), net.Scalar(0)).Output;
            var chosen = net.Emit("If", 12, condition).With("then_branch", Body("Relu", middle)).With("else_branch",
                Body("Neg", middle)).Output;
            return net.Conv(net.Add(middle, net.Reduce("ReduceMean", chosen, 2, 3)), "b", 12, 3);
        });

        static GraphAttribute Body(string op, Value captured)
        {
            var graph = new Graph(op);
            graph.AddOutput(
                graph.Add(
                    new Node(op, [captured], [new Value(op + "_out", new TensorType(ElementType.Float, null))], op)).Output);
            return new GraphAttribute(graph);
        }

        Assert.Contains("/a/Conv Fusion: leaves a feature space; its output is not branched", string.Join('\n', Plan(model)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_without_convs_has_an_empty_plan()
    {
        var plan = TinyGraphs.Of((net, x) => net.Relu(x)).Planned();
        Assert.Empty(plan.Convs);
        Assert.Equal(0, plan.ConvertedConvs);
    }

    [Fact]
    public void A_conv_on_pooled_values_is_kept_for_that_reason() => Assert.Contains(
        "/gate/Conv Kept: it works on values pooled to 1×1",
        Plan(TinyGraphs.Between((net, x) => net.Mul(x, net.Sigmoid(net.Conv(net.GlobalAveragePool(x), "gate", 12, 1))))));

    [Fact]
    public void The_plan_is_the_same_every_time() => Assert.Equal(Plan(Large()), Plan(Large()));

    [Fact]
    public void Planning_and_rewriting_change_neither_the_normal_form_nor_the_plan()
    {
        var form = NormalForm.Of(Large());
        var before = GraphIR.Text.IrPrinter.Print(form.Model);
        var plan = Planner.Plan(form, new ConversionOptions { FuseAt = ConversionOptions.Upsampler });
        Assert.Equal(before, GraphIR.Text.IrPrinter.Print(form.Model));
        var source = GraphIR.Text.IrPrinter.Print(plan.Source);
        Rewriter.Rewrite(form, plan, new SliceInitializer());
        Assert.Equal((before, source), (GraphIR.Text.IrPrinter.Print(form.Model), GraphIR.Text.IrPrinter.Print(plan.Source)));
    }

    private static Model ThreeConvs() =>
        TinyGraphs.Between((net, x) => net.Conv(net.Conv(net.Conv(x, "before", 12, 3), "a", 12, 3), "behind", 12, 3));

    private static Model Large() => ZooCatalog.Find("imdn").Create(1);

    private static void Refused(ConversionOptions options, string message) =>
        Assert.Equal(message, Assert.Throws<MsSrException>(() => TinyGraphs.Between((net, x) => x).Planned(options)).Message);

    private static string[] Plan(Model model, ConversionOptions? options = null) =>
        [.. model.Planned(options).Convs.Select(c => $"{c.Node.Name} {c.Role}: {c.Reason}")];

    private static string[] Roles(Model model) =>
        [.. model.Planned().Convs.Select(c => $"{c.Node.Name} {c.Role}")];
}
