using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Passes.Tests.Support;
using MsSrConvert.Passes.Verify;
using Xunit;

namespace MsSrConvert.Passes.Tests.Verify;

public class ReconversionTests
{
    [Fact]
    public void The_options_of_a_conversion_are_read_back()
    {
        var options = new ConversionOptions
        {
            Branches = 3,
            Interaction = Interaction.Full,
            ChannelAlign = 2,
            Keep = ["*/b/*", "x?"],
            FuseAt = "/tail/Conv",
            SeparateAt = "/a/Conv",
            AssumeMultiple = true,
            Opset = 15,
        };
        var read = Reconversion.Options(Convert(options), "net.onnx");
        Assert.Equal(options.Keep, read.Keep);
        Assert.Equal(options with { Keep = [] }, read with { Keep = [] });
    }

    [Fact]
    public void What_is_not_recorded_was_left_at_its_default()
    {
        var model = Training.Converted(2);
        Assert.Null(model.GetMetadata(MetadataKeys.Options));
        var read = Reconversion.Options(model, "net.onnx");
        Assert.Equal((ConversionOptions.LastConv, ConversionOptions.FirstConv, 0),
            (read.FuseAt, read.SeparateAt, read.Keep.Count));
    }

    [Theory]
    [InlineData("mssr.branches", "two", "mssr.branches is 'two'")]
    [InlineData("mssr.channel_align", "-1", "mssr.channel_align isn't a number")]
    [InlineData("mssr.options", "{", "")]
    [InlineData("mssr.options", "{\"fuse_at\": 3}", "")]
    [InlineData("mssr.options", "[]", "")]
    public void Metadata_that_cannot_be_read_is_told(string key, string value, string reason)
    {
        var model = Training.Converted(2);
        model.SetMetadata(key, value);
        var error = Assert.Throws<MsSrException>(() => Reconversion.Options(model, "net.onnx")).Diagnostic;
        Assert.Equal(("MSSR2301", "net.onnx"), (error.Id, error.Where));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_has_no_conversion_to_repeat() =>
        Assert.Equal("MSSR2301",
            Assert.Throws<MsSrException>(() => Reconversion.Options(Training.Source(), "net.onnx")).Diagnostic.Id);

    [Fact]
    public void Other_weights_and_another_order_of_channels_are_the_same_layers()
    {
        var form = NormalForm.Of(Training.Source());
        var again = Converter.Convert(form, new ConversionOptions { Branches = 3 }, new RandomInitializer(3),
            Backwards(form.Model)).Model;
        Reconversion.RequireSame(Training.Converted(3), OrtRun.Reread(again), "net.ms3.onnx", "net.onnx");
    }

    [Fact]
    public void Other_layers_are_named()
    {
        Assert.Equal("it has no node '/b/Conv/from1to2' (Conv)",
            Difference(net => Node(net, "/b/Conv/from1to2").Name = "renamed"));
        Assert.Equal("its node '/relu/branch1' is a Sigmoid, not a Relu".Replace("/relu", Relu, StringComparison.Ordinal),
            Difference(net => Replace(net, $"{Relu}/branch1", "Sigmoid")));
        Assert.Equal("it has a node 'more' (Neg) more",
            Difference(net => net.Add(new Node("Neg", [net.Inputs[0]], [new Value("n")], "more"))));
        Assert.Equal($"its inputs are 'image', not '{Training.Source().Graph.Inputs[0].Name}'",
            Difference(net => net.Inputs[0].Name = "image"));
        Assert.StartsWith("its node '/a/Conv/from1to2' has the weights 'w' 6x", Difference(net =>
        {
            var conv = Node(net, "/a/Conv/from1to2");
            conv.SetInput(1, net.AddInitializer("w", TensorData.Of(new float[6 * 6], 6, 6, 1, 1)));
        }).Replace('×', 'x'), StringComparison.Ordinal);
    }

    private static string Relu => Training.Source().Graph.Nodes.First(n => n.Is("Relu")).Name;

    private static Node Node(Graph graph, string name) => graph.Nodes.First(n => n.Name == name);

    private static void Replace(Graph graph, string name, string opType)
    {
        var old = Node(graph, name);
        var (inputs, output) = (old.Inputs.ToArray(), old.Output);
        old.SetOutput(0, null);
        graph.Add(new Node(opType, inputs, [output], name), before: old);
        graph.Remove(old);
    }

    private static string Difference(Action<Graph> change)
    {
        var model = Training.Converted(2);
        change(model.Graph);
        var error = Assert
            .Throws<MsSrException>(
                () => Reconversion.RequireSame(model, Training.Converted(2), "net.ms2.onnx", "net.onnx")).Diagnostic;
        Assert.Equal(("MSSR2302", "net.ms2.onnx"), (error.Id, error.Where));
        return error.Message["it isn't what converting net.onnx gives: ".Length..^1];
    }

    private static Model Convert(ConversionOptions options) => OrtRun.Reread(Training.Source().Converted(options));

    // The last channels lose most.
    private static Dictionary<string, double[]> Backwards(Model source) => source.Graph.Nodes.Where(n => n.Is("Conv")).Skip(1)
        .Select(n => n.Input(0)!.Name).Distinct().ToDictionary(v => v,
            _ => Enumerable.Range(0, 12).Select(c => (double)c).ToArray());
}
