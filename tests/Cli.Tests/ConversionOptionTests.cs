using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Operators;
using MsSrConvert.Passes;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Cli.Tests;

public sealed class ConversionOptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _net;

    public ConversionOptionTests()
    {
        _net = _folder["net.onnx"];
        TinyNet.Write(_net, channels: 12);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData]
    [InlineData("--init", "random", "--seed", "7")]
    [InlineData("--interaction", "full", "-n", "4")]
    public void Two_runs_give_identical_bytes(params string[] options) => Assert.Equal(Bytes(options), Bytes(options));

    [Fact]
    public void The_start_is_cut_from_the_source_unless_told_otherwise()
    {
        Assert.Equal(Bytes("--init", "slice"), Bytes());
        Assert.NotEqual(Bytes("--init", "random"), Bytes());
    }

    [Fact]
    public void The_seed_decides_a_random_start()
    {
        Assert.NotEqual(Bytes("--init", "random", "--seed", "1"), Bytes("--init", "random", "--seed", "2"));
        Assert.Equal(Bytes("--init", "random", "--seed", "0"), Bytes("--init", "random"));
    }

    [Fact]
    public void A_random_start_is_fitted_to_the_source_and_its_cross_kernels_are_zero()
    {
        var drawn = Converter.Convert(ModelFile.Read(_net), new ConversionOptions(), new RandomInitializer(0)).Model;
        var shared = Convert("--init", "random").Graph.Nodes.Single(n => n.Name == "middle1/same1").Input(1)!;
        var cross = Convert("--init", "random").Graph.Nodes.Single(n => n.Name == "middle1/from1to2").Input(1)!;
        Assert.NotEqual(drawn.Graph.Initializers.Single(v => v.Name == shared.Name).Initializer!.ToFloats(),
            shared.Initializer!.ToFloats());
        Assert.All(cross.Initializer!.ToFloats(), v => Assert.Equal(0, v));
    }

    [Fact]
    public void A_source_that_gives_no_image_gets_a_random_start_and_a_warning()
    {
        var model = ModelFile.Read(_net);
        var image = model.Graph.Outputs[0];
        var type = new TensorType(ElementType.Float, Shape.Known(1, 3, 1, 1));
        model.Graph.ReplaceOutput(image,
            model.Graph.Add(new Node("GlobalAveragePool", [image], [new Value("score", type)], "pool")).Output);
        OnnxFile.Write(model, _folder["classifier.onnx"]);
        var run = CommandRun.Of(_folder["classifier.onnx"], "--init", "random");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches("(?m)^warning MSSR5305: .{20,}", run.Error);
        Assert.Contains("classifier.ms2.onnx", _folder.Names);
    }

    [Theory]
    [InlineData("adjacent", 4)]
    [InlineData("full", 6)]
    public void Interaction_decides_how_many_cross_kernels_a_layer_has(string mode, int crossKernels)
    {
        var ties = Convert("-n", "3", "--interaction",
            mode).Graph.Initializers.Where(v => v.Name.StartsWith("middle1", StringComparison.Ordinal)).ToList();
        Assert.Equal(crossKernels, ties.Count(v => v.Initializer!.Dims.Count == 4 && v.Uses.Count == 1));
        Assert.Single(ties, v => v.Initializer!.Dims.Count == 4 && v.Uses.Count == 3);
    }

    [Fact]
    public void A_kept_node_is_untouched()
    {
        var source = ModelFile.Read(_net).Graph.Nodes.Single(n => n.Name == "middle1");
        var kept = Convert("--keep", "mid?le1").Graph.Nodes.Single(n => n.Name == "middle1");
        Assert.Equal(source.Input(1)!.Initializer!.ToFloats(), kept.Input(1)!.Initializer!.ToFloats());
    }

    [Fact]
    public void Keep_can_be_given_more_than_once()
    {
        var run = CommandRun.Of("inspect", _net, "--json", "--keep", "head", "--keep", "middle2");
        var kept = run.Json().GetProperty("convs").EnumerateArray()
            .Where(c => c.GetProperty("reason").GetString()!.Contains("by request", StringComparison.Ordinal));
        Assert.Equal(["head", "middle1", "middle2", "tail"], kept.Select(c => c.GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("separation interaction interaction fusion")]
    [InlineData("separation interaction interaction fusion", "--fuse-at", "last", "--separate-at", "first")]
    [InlineData("separation interaction fusion kept", "--fuse-at", "middle2")]
    [InlineData("kept separation interaction fusion", "--separate-at", "middle1")]
    public void The_branches_begin_and_end_where_they_are_told(string roles, params string[] options)
    {
        var convs = CommandRun.Of(["inspect", _net, "--json", .. options]).Json().GetProperty("convs").EnumerateArray();
        Assert.Equal(roles, string.Join(' ', convs.Select(c => c.GetProperty("role").GetString())));
    }

    [Theory]
    [InlineData("1", 6)]
    [InlineData("4", 8)]
    [InlineData("16", 16)]
    public void Channels_of_a_branch_are_rounded_up_to_the_alignment(string align, long channels)
    {
        var fusion = Convert("--channel-align", align).Graph.Nodes.Last(n => n.Is("Conv"));
        Assert.Equal(channels, fusion.Input(1)!.Initializer!.Dims[1]);
    }

    [Fact]
    public void Any_size_is_padded_and_cropped_unless_a_multiple_is_promised()
    {
        Assert.Contains(Convert().Graph.Nodes, n => n.Is("Pad"));
        var promised = Convert("--assume-multiple");
        Assert.DoesNotContain(promised.Graph.Nodes, n => n.Is("Pad") || n.Is("Slice"));
        Assert.Equal("2", promised.Metadata.Single(m => m.Key == "mssr.size_multiple").Value);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(17)]
    [InlineData(20)]
    public void The_opset_can_be_asked_for(int opset) => Assert.Equal(opset, Convert("--opset", $"{opset}").Opset);

    [Fact]
    public void The_sources_opset_stays() => Assert.Equal(13, Convert().Opset);

    [Fact]
    public void Multiply_adds_are_counted_at_128_by_128_where_the_model_leaves_the_size_open() =>
        Assert.Equal(Macs(), Macs("--input-shape", "1x3x128x128"));

    [Fact]
    public void Multiply_adds_grow_with_the_input_shape() =>
        Assert.Equal(4 * Macs("--input-shape", "1x3x16x24"), Macs("--input-shape", "1x3x32x48"));

    [Fact]
    public void Dumping_the_passes_writes_one_text_for_each()
    {
        var dump = _folder["dump/inner"];
        Assert.Equal(0, CommandRun.Of("inspect", _net, "--dump-passes", dump).ExitCode);
        var files = Directory.GetFiles(dump).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(Enumerable.Range(0, files.Count).Select(i => $"{i:00}"), files.Select(f => f[..2]));
        foreach (var pass in new[] { "separation", "interaction", "fusion", "branch-wise", "metadata" })
            Assert.Single(files, f => f.EndsWith($"-{pass}.txt", StringComparison.Ordinal));
        Assert.All(files, f => Assert.Contains("Conv(", File.ReadAllText(Path.Combine(dump, f)), StringComparison.Ordinal));
    }

    [Fact]
    public void The_check_can_be_left_out()
    {
        TinyNet.Write(_folder["infinite.onnx"], scale: float.PositiveInfinity);
        Assert.Equal(0, CommandRun.Of(_folder["infinite.onnx"], "--no-check").ExitCode);
        Assert.Contains("infinite.ms2.onnx", _folder.Names);
    }

    private byte[] Bytes(params string[] options)
    {
        var output = _folder["out.onnx"];
        var run = CommandRun.Of([_net, "-o", output, "--force", .. options]);
        Assert.True(run.ExitCode == 0, run.Error);
        return File.ReadAllBytes(output);
    }

    private Model Convert(params string[] options) => ModelFile.Read(Bytes(options));

    private long Macs(params string[] options) =>
        CommandRun.Of(["inspect", _net, "--json", .. options]).Json().GetProperty("source").GetProperty("macs").GetInt64();
}
