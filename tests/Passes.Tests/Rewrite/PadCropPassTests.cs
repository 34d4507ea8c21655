using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Tests.Support;
using Xunit;

namespace MsSrConvert.Passes.Tests.Rewrite;

public class PadCropPassTests
{
    private static readonly ConversionOptions TwoBranches = new();

    [Fact]
    public void Symbolic_sizes_are_padded_and_cut_back_in_the_graph_and_keep_their_names()
    {
        var model = Convert(TinyGraphs.Between((net, x) => x));
        Assert.Equal("edge", Assert.Single(model.Graph.Nodes, n => n.Is("Pad")).GetString("mode", ""));
        Assert.Single(model.Graph.Nodes, n => n.Is("Slice"));
        Assert.Equal("[batch, 3, height, width]", model.Graph.Inputs[0].Shape!.ToString());
        Assert.Equal("[batch, 3, height, width]", model.Graph.Outputs[0].Shape!.ToString());
    }

    [Fact]
    public void A_static_size_that_is_no_multiple_is_padded_by_constants()
    {
        var model = Convert(Static(1, 3, 7, 8));
        Assert.DoesNotContain(model.Graph.Nodes, n => n.Is("Shape"));
        Assert.Equal([0, 0, 0, 0, 0, 0, 1, 0], model.Graph.Nodes.Single(n => n.Is("Pad")).Input(1)!.Initializer!.ToInt64s());
        Assert.Equal([1, 3, 7, 8], OrtRun.Run(model, OrtRun.Noise(1, 1, 3, 7, 8))[0].Dims);
    }

    [Fact]
    public void A_static_multiple_needs_no_nodes() =>
        Assert.DoesNotContain(Convert(Static(1, 3, 6, 8)).Graph.Nodes, IsPadOrSlice);

    [Fact]
    public void A_static_height_and_a_symbolic_width_need_a_pad()
    {
        var model = Convert(
            TinyGraphs.Of(new Shape(1, 3, 6, Dim.Of("width")), (net, x) => net.Conv(net.Conv(x, "head", 12, 3), "tail", 3, 3)));
        Assert.Equal([1, 3, 6, 9], OrtRun.Run(model, OrtRun.Noise(1, 1, 3, 6, 9))[0].Dims);
    }

    [Fact]
    public void A_promised_multiple_needs_no_nodes()
    {
        var model = Convert(TinyGraphs.Between((net, x) => x), TwoBranches with { AssumeMultiple = true });
        Assert.DoesNotContain(model.Graph.Nodes, IsPadOrSlice);
        Assert.Equal("false", model.GetMetadata("mssr.any_size"));
    }

    [Fact]
    public void A_network_whose_convs_are_all_kept_needs_no_nodes() =>
        Assert.DoesNotContain(Convert(TinyGraphs.Between((net, x) => x), TwoBranches with { Keep = ["*"] }).Graph.Nodes,
            IsPadOrSlice);

    [Theory]
    [InlineData(1), InlineData(2), InlineData(4)]
    public void Enlarged_outputs_are_cut_to_the_enlarged_size(int scale) =>
        SameShapes(() => TinyGraphs.Between((net, x) => net.Resize(x, scale)), 2, 3, 4);

    [Fact]
    public void Outputs_of_half_the_size_are_cut_to_half_the_size_rounded_as_the_source_rounds() =>
        SameShapes(() => TinyGraphs.Between((net, x) => net.Conv(x, "a", 12, 3, stride: 2)), 2, 3);

    [Fact]
    public void Outputs_pooled_to_half_the_size_are_cut_to_half_the_size_rounded_down() =>
        SameShapes(() => TinyGraphs.Between((net, x) => net.MaxPool(x, 2, 2)), 2, 3);

    [Fact]
    public void Outputs_a_few_pixels_smaller_than_the_input_are_cut_to_that() => SameShapes(() => TinyGraphs.Of((net, x) =>
        net.Conv(net.Conv(net.Conv(x, "head", 12, 3, padding: 0), "a", 12, 3, padding: 0), "tail", 3, 3, padding: 0)), 2, 3);

    [Fact]
    public void An_image_enlarged_by_a_factor_of_one_and_a_half_is_cut_to_that() =>
        SameShapes(() => TinyGraphs.Between((net, x) => net.Resize(x, 1.5f)), 2);

    [Fact]
    public void Two_outputs_of_different_scale_are_cut_each_to_its_own() => SameShapes(() => TinyGraphs.Between((net, x) =>
    {
        var small = net.Conv(x, "small", 3, 3);
        net.Output(small, new Shape(Dim.Of("batch"), 3, Dim.Of("small_rows"), Dim.Of("small_columns")), "small");
        return net.Resize(net.Relu(x), 2);
    }), 2, 3);

    [Fact]
    public void Channels_last_images_are_padded_along_their_own_axes()
    {
        Model Build() => TinyGraphs.Of(new Shape(Dim.Of("batch"), Dim.Of("height"), Dim.Of("width"), 3), (net, x) =>
        {
            var y = net.Conv(net.Conv(net.Transpose(x, 3, 0, 3, 1, 2), "head", 12, 3), "tail", 3, 3);
            return net.Transpose(y, 0, 0, 2, 3, 1);
        });
        var model = Convert(Build());
        Assert.Single(model.Graph.Nodes, n => n.Is("Pad"));
        Assert.Equal([1, 5, 7, 3], OrtRun.Run(model, OrtRun.Noise(1, 1, 5, 7, 3))[0].Dims);
    }

    [Fact]
    public void An_input_of_one_pixel_is_no_image_and_is_not_padded()
    {
        var model = Convert(
            TinyGraphs.Between((net, x) => net.Add(net.Conv(x, "a", 12, 3), net.Input(Shape.Known(1, 1, 1, 1), "sigma"))));
        Assert.Equal([1, 3, 5, 7], Run(model, OrtRun.Noise(1, 1, 3, 5, 7), ("sigma", OrtRun.Noise(2, 1, 1, 1, 1))));
    }

    [Fact]
    public void An_input_that_is_also_an_output_stays_as_it_is()
    {
        var source = TinyGraphs.Between((net, x) => x);
        source.Graph.AddOutput(source.Graph.Inputs[0]);
        var input = OrtRun.Noise(1, 1, 3, 5, 7);
        Assert.Equal(input.Data, OrtRun.Run(Convert(source), input)[1].Data);
    }

    [Fact]
    public void Two_images_are_both_padded()
    {
        var model = Convert(TinyGraphs.Between((net, x) =>
            net.Add(x,
                net.Conv(net.Input(new Shape(Dim.Of("batch"), 3, Dim.Of("height"), Dim.Of("width")), "second"), "other", 12,
                    3))));
        Assert.Equal(2, model.Graph.Nodes.Count(n => n.Is("Pad")));
        Assert.Equal([1, 3, 5, 7], Run(model, OrtRun.Noise(1, 1, 3, 5, 7), ("second", OrtRun.Noise(2, 1, 3, 5, 7))));
    }

    [Fact]
    public void Padding_repeats_the_edge_so_that_a_constant_image_stays_constant()
    {
        var model = Convert(TinyGraphs.Of((net, x) => net.Conv(net.Conv(x, "head", 12, 1), "tail", 3, 1)));
        var result = OrtRun.Run(model, new Runtime.Tensor([.. Enumerable.Repeat(0.5f, 3 * 5 * 7)], 1, 3, 5, 7))[0];
        Assert.All(result.Data.Chunk(35), plane => Assert.True(plane.Max() - plane.Min() < 1e-5));
    }

    [Fact]
    public void A_declared_size_that_nothing_tells_about_stays_named()
    {
        var unknown = new Shape(Dim.Unknown, 3, Dim.Unknown, Dim.Unknown);
        var model = Convert(TinyGraphs.Of(unknown, (net, x) => net.Conv(net.Conv(x, "head", 12, 3), "tail", 3, 3)));
        Assert.Equal([2, 3, 5, 7], OrtRun.Run(model, OrtRun.Noise(1, 2, 3, 5, 7))[0].Dims);
    }

    private static bool IsPadOrSlice(Node node) => node.Is("Pad") || node.Is("Slice");

    private static Model Static(params long[] dims) =>
        TinyGraphs.Of(Shape.Known(dims), (net, x) => net.Conv(net.Conv(x, "head", 12, 3), "tail", 3, 3));

    private static Model Convert(Model source, ConversionOptions? options = null) => source.Converted(options);

    private static long[] Run(Model model, Runtime.Tensor input, (string Name, Runtime.Tensor Value) other)
    {
        using var session = OrtRun.Open(model);
        return session.Run(
            new Dictionary<string, Runtime.Tensor>
            { ["input"] = input, [other.Name] = other.Value })["output"].Dims;
    }

    // The converted model's outputs have the source's shapes at even and odd sizes.
    private static void SameShapes(Func<Model> build, params int[] branchCounts)
    {
        using var source = OrtRun.Open(build());
        foreach (var branches in branchCounts)
        {
            var result = Converter.Convert(build(), new ConversionOptions { Branches = branches }, new TestStart());
            Assert.True(result.Plan.ConvertedConvs > 0);
            using var converted = OrtRun.Open(result.Model);
            foreach (var (height, width) in new[] { (8, 16), (9, 15), (11, 10), (12, 13) })
            {
                var input = OrtRun.Noise(1, 1, 3, height, width);
                string[] Shapes(Runtime.OnnxSession session) =>
                    [.. OrtRun.Run(session, input).Select(t => $"{height}x{width} {t}")];
                Assert.Equal(Shapes(source), Shapes(converted));
            }
        }
    }
}
