using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Tests.Support;
using MsSrConvert.Zoo;
using Xunit;

namespace MsSrConvert.Passes.Tests.Normalize;

public class DeferCropsTests
{
    private static readonly (int, int)[] Sizes = [(16, 16), (13, 18)];

    [Theory, InlineData("Relu"), InlineData("Softsign"), InlineData("Atan"), InlineData("Shrink")]
    public void A_margin_passes_every_function_of_single_elements(string op)
    {
        foreach (var branches in new[] { 2, 3 })
        {
            var result = Converter.Convert(Valid((net, x) => net.Unary(op, x)), new ConversionOptions { Branches = branches },
                new TestStart());
            Assert.DoesNotContain(result.Plan.Convs, c => c.Role == ConvRole.Kept);
        }
    }

    [Fact]
    public void Convs_without_padding_give_the_sources_pixels()
    {
        var source = Valid((net, x) => net.Relu(x));
        var net = OrtRun.Reread(source);
        Assert.Equal(3, new DeferCrops(MarginAnalysis.Crops(net.Graph)).Run(net, new PassContext()).Changes);
        foreach (var (height, width) in Sizes)
        {
            var input = OrtRun.Noise(1, 1, 3, height, width);
            Assert.True(OrtRun.Run(source, input)[0].MaxDifference(OrtRun.Run(net, input)[0]) < 1e-5);
        }
    }

    [Fact]
    public void A_margin_passes_a_choice_between_features()
    {
        var net = Valid((net, x) => net.Emit("Where", 12, net.Emit("Greater", 12, x, net.Relu(x)).Output, x, net.Relu(x)).Output);

        Assert.Equal(3, new DeferCrops(MarginAnalysis.Crops(net.Graph)).Run(net, new PassContext()).Changes);
    }

    [Fact]
    public void A_margin_stops_at_a_constant_that_varies_over_space() =>
        Stays(TinyGraphs.Of(Shape.Known(1, 3, 16, 16), (net, x) =>
        net.Conv(net.Add(Conv(net, x, "a"), net.UniformParameter("positions", -1, 1, 1, 12, 14, 14)), "b", 3, 3, padding: 0)));

    [Fact]
    public void A_margin_stops_at_a_concatenation_in_space() =>
        Stays(Valid((net, x) => net.Emit("Concat", 12, x, x).With("axis", 2).Output));

    [Fact]
    public void A_margin_stops_at_what_a_branch_of_an_if_reads() => Stays(TinyGraphs.Of((net, x) =>
    {
        var y = Conv(net, x, "a");
        Graph Branch(string op)
        {
            var graph = new Graph(op);
            graph.AddOutput(graph.Add(new Node(op, [y], [new Value(op + "_y", new TensorType(ElementType.Float, null))])).Output);
            return graph;
        }

        var condition = net.Emit("Greater", 0, net.Emit("ReduceMean", 0, x).With("keepdims", 0).Output, net.Scalar(0)).Output;
        return net.Emit("If", 12, condition).With("then_branch", new GraphAttribute(Branch("Tanh"))).With("else_branch",
            new GraphAttribute(Branch("Sigmoid"))).Output;
    }));

    private static void Stays(Model model) => Assert.Empty(MarginAnalysis.Crops(model.Graph).Pads);

    private static Value Conv(NetBuilder net, Value x, string name) => net.Conv(x, name, 12, 3, padding: 0);

    private static Model Valid(Func<NetBuilder, Value, Value> between) => TinyGraphs.Of((net, x) =>
        net.Conv(between(net, Conv(net, between(net, Conv(net, x, "a")), "b")), "c", 3, 3, padding: 0));
}
