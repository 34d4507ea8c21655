using System.Text.Json;
using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Deploy;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Passes.Tests.Support;
using Xunit;

namespace MsSrConvert.Passes.Tests.Deploy;

public class DeployerTests
{
    [Fact]
    public void The_metadata_says_what_was_done()
    {
        var model = Small().Converted(new ConversionOptions { Branches = 2 });
        Deployer.Deploy(model, new DeployOptions { Align = 8 });

        Assert.Equal("deploy", model.GetMetadata("mssr.form"));
        Assert.Equal("2", model.GetMetadata("mssr.branches"));
        Assert.Null(model.GetMetadata("mssr.ties"));
        using var done = JsonDocument.Parse(model.GetMetadata("mssr.deploy")!);
        Assert.Equal("cpu", done.RootElement.GetProperty("target").GetString());
        Assert.True(done.RootElement.GetProperty("passes").GetProperty("pad-channels").GetInt32() > 0);
    }

    [Fact]
    public void A_deploy_model_is_refused_by_conversion_and_by_a_second_deployment()
    {
        var model = Small();
        Deployer.Deploy(model, new DeployOptions { Align = 8 });

        foreach (var again in new Action[]
        {
            () => Deployer.Deploy(model, new DeployOptions()),
            () => Converter.Convert(model, new ConversionOptions(), new SliceInitializer()),
        })
        {
            Assert.Equal("MSSR2201", Assert.Throws<MsSrException>(again).Diagnostic.Id);
        }
    }

    [Theory]
    [InlineData(DeployTarget.Cuda)]
    [InlineData(DeployTarget.TensorRt)]
    public void Shuffles_and_narrow_convs_are_left_to_gpu_runtimes(DeployTarget target)
    {
        var model = Small();
        Deployer.Deploy(model, new DeployOptions { Target = target });

        Assert.Contains(model.Graph.Nodes, n => n.Is("DepthToSpace"));
        Assert.DoesNotContain(model.Graph.Nodes, n => n.Is("Transpose"));
    }

    [Fact]
    public void Any_alignment_computes_the_same_at_odd_sizes()
    {
        foreach (var align in new[] { 8, 16 })
        {
            var model = Small().Converted(new ConversionOptions { Branches = 2 });
            var train = GraphIR.Onnx.OnnxFile.ToBytes(model);
            Deployer.Deploy(model, new DeployOptions { Align = align });
            Numeric.AssertSame(train, model, 13, 18);
        }
    }

    [Fact]
    public void Two_runs_give_the_same_bytes()
    {
        static byte[] Run()
        {
            var model = Small().Converted();
            Deployer.Deploy(model, new DeployOptions { Align = 16, Half = true });
            return GraphIR.Onnx.OnnxFile.ToBytes(model);
        }

        Assert.Equal(Run(), Run());
    }

    // Two branches of 22 channels, a pixel shuffle, and a conv to an image.
    private static Model Small() =>
        TinyGraphs.Between((net, x) => net.Relu(net.PixelShuffle(net.Conv(net.Relu(x), "up", 44 * 4, 3), 2)), channels: 44);
}
