using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Passes.Tests.Support;
using MsSrConvert.Zoo;
using Xunit;

namespace MsSrConvert.Passes.Tests;

/// <summary>The pipeline as a whole.</summary>
public class ConverterTests
{
    [Fact]
    public void The_kept_half_of_a_network_is_untouched()
    {
        var (source, model) = (ZooCatalog.Find("edsr").Create(1), ZooCatalog.Find("edsr").Create(1));
        var convs = source.Graph.Nodes.Where(n => n.Is("Conv")).ToArray();
        var kept = convs.Take(convs.Length / 2).ToArray();
        var result = Converter.Convert(model, new ConversionOptions { Keep = [.. kept.Select(n => n.Name)] }, new TestStart());

        Assert.InRange(result.Plan.ConvertedConvs, 3, convs.Length - kept.Length);
        foreach (var conv in kept)
        {
            var now = result.Model.Node(conv.Name);
            Assert.Equal(conv.Input(1)!.Initializer!.ToFloats(), now.Input(1)!.Initializer!.ToFloats());
            Assert.Equal(conv.Output.Name, now.Output.Name);
        }

        Assert.Equal([1, 3, 10, 14], OrtRun.Run(result.Model, OrtRun.Noise(1, 1, 3, 5, 7))[0].Dims);
    }

    [Fact]
    public void A_half_precision_network_stays_in_half_precision()
    {
        var net = new NetBuilder("half", 1) { Element = ElementType.Float16, ConstantNodes = false };
        var x = net.PRelu(net.Conv(net.Input(), "head", 12, 3), "act");
        x = net.Mul(x, net.Scale(net.Reduce("ReduceSum", x, 2, 3), 0.01f));
        net.Output(net.Conv(net.PixelShuffle(net.Conv(x, "up", 48, 3), 2), "tail", 3, 3), scale: 2);
        var model =
            OrtRun.Reread(Converter.Convert(net.Model, new ConversionOptions { Branches = 3 }, new SliceInitializer()).Model);

        Assert.Equal(["mssr/up2_factors"],
            model.Graph.Initializers.Where(v => v.Initializer!.Element == ElementType.Float).Select(v => v.Name));
        Assert.All(model.Graph.Inputs.Concat(model.Graph.Outputs), v => Assert.Equal(ElementType.Float16, v.Tensor!.Element));
        Assert.True(OrtRun.Run(model, OrtRun.Noise(1, 1, 3, 5, 7))[0].IsFinite());
    }

    [Theory]
    [InlineData("wild-int8-convinteger")]
    [InlineData("wild-int8-qdq")]
    public void A_quantised_network_is_declined_with_the_node(string name)
    {
        var e = Assert
            .Throws<MsSrException>(
                () => Converter.Convert(ZooCatalog.Find(name).Create(1), new ConversionOptions(), new TestStart()));
        Assert.Equal("MSSR2005", e.Diagnostic.Id);
        Assert.Equal("the network is quantised to integers, which can't be fine-tuned.", e.Diagnostic.Message);
    }

    [Fact]
    public void Costs_are_counted_at_the_models_own_size_or_at_128_by_128()
    {
        var open = Convert(TinyGraphs.Between((net, x) => x));
        Assert.Equal("[1, 3, 128, 128]", open.CostShapes["input"].ToString());
        Assert.Equal("[1, 3, 128, 128]", open.Source.OutputShapes["output"].ToString());
        var own = Convert(TinyGraphs.Of(Shape.Known(2, 3, 8, 6), (net, x) => net.Conv(net.Conv(x, "head", 12, 3), "tail", 3, 3)));
        Assert.Equal("[2, 3, 8, 6]", own.CostShapes["input"].ToString());
    }

    [Fact]
    public void Costs_can_be_counted_at_a_given_size()
    {
        var shapes = new Dictionary<string, Shape> { ["input"] = Shape.Known(1, 3, 32, 16) };
        var result = Converter.Convert(TinyGraphs.Between((net, x) => x), new ConversionOptions(), new TestStart(), shapes);
        Assert.Equal(32 * 16 * 2 * 3 * 12 * 9, result.Source.Cost.Macs);
    }

    [Fact]
    public void A_model_that_is_never_opened_to_branches_comes_out_with_all_convs_kept()
    {
        var result = Convert(TinyGraphs.Of((net, x) => net.Conv(net.Conv(x, "head", 4, 3), "tail", 3, 3)));
        Assert.Equal(0, result.Plan.ConvertedConvs);
        Assert.Equal(["Conv", "Conv"], result.Model.Graph.Nodes.Select(n => n.OpType));
    }

    [Fact]
    public void A_converted_model_can_be_converted_again_where_that_is_asked_for()
    {
        var once = OrtRun.Reread(TinyGraphs.Between((net, x) => net.Conv(x, "a", 24, 3), channels: 24).Converted());
        var twice = Converter.Convert(once, new ConversionOptions { Again = true }, new TestStart());
        Assert.True(twice.Plan.ConvertedConvs > 0);
        Assert.Equal([1, 3, 5, 7], OrtRun.Run(twice.Model, OrtRun.Noise(1, 1, 3, 5, 7))[0].Dims);
    }

    [Theory]
    [InlineData(2), InlineData(3)]
    public void Every_conv_of_the_converted_model_reads_the_channels_its_kernel_has(int branches)
    {
        var model = OrtRun.Reread(ZooCatalog.Find("carn-m").Create(1).Converted(new() { Branches = branches }));
        Assert.All(model.Graph.Nodes.Where(n => n.Is("Conv")), conv =>
            Assert.Equal(conv.Input(0)!.Shape![1], conv.Input(1)!.Initializer!.Dims[1] * conv.GetInt("group", 1)));
    }

    [Fact]
    public void Every_value_of_the_converted_model_has_a_shape()
    {
        var model = OrtRun.Reread(Convert(ZooCatalog.Find("imdn").Create(1)).Model);
        Assert.All(model.Graph.Nodes.SelectMany(n => n.Outputs), v => Assert.NotNull(v!.Shape));
    }

    [Fact]
    public void A_converted_model_is_refused()
    {
        var converted = Convert(TinyGraphs.Between((net, x) => x)).Model;
        Assert.Equal("MSSR2203", Assert.Throws<MsSrException>(() => Convert(converted)).Diagnostic.Id);
    }

    [Fact]
    public void A_model_without_outputs_is_said_to_be_that()
    {
        var net = new TestNet();
        net.Op("Relu", net.Input("x", 1, 3, 8, 8));
        Assert.Equal("MSSR2006", Assert.Throws<MsSrException>(() => Convert(net.Model)).Diagnostic.Id);
    }

    [Fact]
    public void A_value_that_is_listed_twice_as_output_is_there_twice()
    {
        var model = TinyGraphs.Between((net, x) => x);
        model.Graph.AddOutput(model.Graph.Outputs[0]);
        var converted = OrtRun.Reread(Convert(model).Model);
        Assert.Equal(2, converted.Graph.Outputs.Count);
        OrtRun.Run(converted, OrtRun.Noise(1, 1, 3, 9, 7));
    }

    [Fact]
    public void A_result_that_costs_more_than_its_source_is_told_of_with_the_layer()
    {
        var model =
            TinyGraphs.Between((net, x) => net.Conv(net.Relu(net.Conv(x, "a", 12, 7, groups: 12)), "b", 12, 7, groups: 12));
        var told = Converter.Convert(model, new ConversionOptions { Branches = 3 },
            new TestStart()).Diagnostics.Single(d => d.Id == "MSSR5105");
        Assert.Contains("in a grouped conv every kernel between two scales costs as much as the shared one", told.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Interaction_layers_are_told_from_the_others()
    {
        var result = Convert(TinyGraphs.Between((net, x) => x));
        Assert.Equal((1, 0), (result.Share, result.InteractionShare));
    }

    [Fact]
    public void Reasons_name_nodes_of_the_source_alone()
    {
        var model = TinyGraphs
            .Of(
                (net, x) => net.Conv(
                    net.Softmax(net.Conv(net.Relu(net.Conv(x, "a", 12, 3, padding: 0)), "b", 12, 3, padding: 0), 1), "c", 3, 3));
        Assert.All(Convert(model).Plan.Convs, c => Assert.DoesNotContain("mssr/", c.Reason, StringComparison.Ordinal));
    }

    private static Converted Convert(Model model) => Converter.Convert(model, new ConversionOptions(), new TestStart());
}
