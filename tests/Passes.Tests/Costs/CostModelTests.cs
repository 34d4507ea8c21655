using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Costs;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Passes.Tests.Support;
using MsSrConvert.Zoo.Networks;
using Xunit;

namespace MsSrConvert.Passes.Tests.Costs;

public class CostModelTests
{
    [Fact]
    public void The_patents_srresnet_costs_what_the_patent_says()
    {
        var cost = Count(SrResNet.Create(1), 128);
        Assert.Equal((1_591_427, 42_759_880_704, 39), (cost.Params, cost.Macs, cost.Convs));
    }

    [Theory]
    [InlineData(2, 1_193_763, 18_900_000_000), InlineData(3, 941_119, 9_950_000_000)]
    public void The_converted_srresnet_stays_below_the_published_figures(int branches, long parameters, long macs)
    {
        var result = Converter.Convert(SrResNet.Create(1), new ConversionOptions { Branches = branches }, new SliceInitializer());
        Assert.Equal(parameters, result.Cost.Params);
        Assert.InRange(result.Cost.Macs, 1, macs);
        Assert.Equal((1_591_427, 42_759_880_704), (result.Source.Cost.Params, result.Source.Cost.Macs));
    }

    [Theory]
    [InlineData(2), InlineData(3)]
    public void The_converted_srresnet_counts_the_same_by_runtime_shapes_and_file_contents(int branches)
    {
        // At 16x16, an eighth of 128x128 in each direction: every layer's work is exactly a 64th.
        var options = new ConversionOptions { Branches = branches, AssumeMultiple = true };
        var result = Converter.Convert(SrResNet.Create(1), options, new SliceInitializer());
        var file = OrtRun.Reread(result.Model);
        var convs = file.Graph.Nodes.Where(n => n.Is("Conv")).ToArray();
        var kernels = convs.ToDictionary(n => n.Output.Name, n => n.Input(1)!.Initializer!.Dims);
        var trained = convs.SelectMany(n => n.Inputs.Skip(1)).OfType<Value>().Distinct().Sum(v => v.Initializer!.Count);
        foreach (var conv in convs.Where(n => !n.Output.IsGraphOutput))
            file.Graph.AddOutput(conv.Output);
        using var session = OrtRun.Open(file);
        var macs = session.Run(new Dictionary<string, Runtime.Tensor> { ["input"] = OrtRun.Noise(1, 1, 3, 16, 16) })
            .Where(o => kernels.ContainsKey(o.Key))
            .Sum(o => o.Value.Count * kernels[o.Key].Skip(1).Aggregate(1L, (p, d) => p * d));
        Assert.Equal((result.Cost.Params, result.Cost.Macs), (trained, macs * 64));
    }

    [Fact]
    public void A_grouped_conv_costs_its_groups_only() =>
        Assert.Equal(8 * 8 * 12 * 4 * 9,
            Count(TinyGraphs.Of((net, x) => net.Conv(x, "a", 12, 3, groups: 3), inputs: 12), 8).Macs);

    [Fact]
    public void A_strided_conv_costs_by_its_output() =>
        Assert.Equal(4 * 4 * 12 * 3 * 9, Count(TinyGraphs.Of((net, x) => net.Conv(x, "a", 12, 3, stride: 2)), 8).Macs);

    [Fact]
    public void A_transposed_conv_costs_by_its_input() =>
        Assert.Equal(8 * 8 * 3 * 12 * 16, Count(TinyGraphs.Of((net, x) => net.ConvTranspose(x, "a", 12, 4, 2, 1)), 8).Macs);

    [Fact]
    public void Matrix_products_count_as_multiply_adds()
    {
        var model = TinyGraphs.Of(Shape.Known(1, 2, 3, 4), (net, x) =>
            net.Add(net.MatMul(x, net.UniformParameter("w", 0, 1, 4, 5)), net.Reduce("ReduceSum", x, 2, 3)));
        var cost = CostModel.Count(model, CostModel.InputShapes(model, 1, 1));
        Assert.Equal((20, 2 * 3 * 5 * 4), (cost.Params, cost.Macs));
    }

    [Theory]
    [InlineData(0), InlineData(1)]
    public void A_gemm_counts_its_inner_length_however_it_is_stored(int transposed)
    {
        var graph = new Graph("gemm");
        var x = graph.AddInput(
            new Value("x", new TensorType(ElementType.Float, transposed == 0 ? Shape.Known(2, 7) : Shape.Known(7, 2))));
        var (w, b) = (graph.AddInitializer("w", TensorData.Of(new float[21], 7, 3)),
            graph.AddInitializer("b", TensorData.Of(new float[3], 3)));
        var gemm = graph.Add(new Node("Gemm", [x, w, b], [new Value("y")], "gemm").With("transA", transposed));
        graph.AddOutput(gemm.Output);
        var model = new Model(graph);
        model.OpsetImports[""] = 17;
        var cost = CostModel.Count(model, CostModel.InputShapes(model, 1, 1));
        Assert.Equal((24, 2 * 3 * 7), (cost.Params, cost.Macs));
    }

    [Fact]
    public void A_shared_kernel_counts_once_in_parameters_and_every_time_in_work()
    {
        var cost = Count(TinyGraphs.Of((net, x) =>
        {
            var weight = net.NormalParameter("w", 1, 3, 3, 3, 3);
            return net.ConvWith(net.ConvWith(x, "a", weight, null, 3, 3), "b", weight, null, 3, 3);
        }), 8);
        Assert.Equal((81, 2 * 64 * 81), (cost.Params, cost.Macs));
    }

    [Fact]
    public void Slopes_statistics_and_learned_scales_are_parameters_and_single_numbers_are_not() =>
        Assert.Equal(3 + 4 * 3 + 3, Count(TinyGraphs.Of(
        (net, x) => net.Scale(net.Mul(net.BatchNorm(net.PRelu(x, "act"), "norm"), net.UniformParameter("scale", 0, 1, 3, 1, 1)),
            0.2f)), 8).Params);

    [Fact]
    public void Resampling_is_counted_by_itself()
    {
        var cost = Count(TinyGraphs.Of((net, x) => net.Resize(net.MaxPool(x, 2, 2), 4)), 8);
        Assert.Equal((0, 3 * 16 + 3 * 256), (cost.Macs, cost.Resampled));
    }

    [Fact]
    public void A_conv_whose_size_does_not_follow_from_the_inputs_is_uncounted()
    {
        var cost = Count(
            TinyGraphs.Of((net, x) => net.Conv(net.Resize(x, net.Input(Shape.Known(4), "scales"), "nearest"), "a", 12, 3)), 8);
        Assert.Equal((1, 0), (cost.Uncounted, cost.Macs));
    }

    private static ModelCost Count(Model model, long side) => CostModel.Count(model, CostModel.InputShapes(model, side, side));
}
