using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Passes.Tests.Support;
using MsSrConvert.Zoo;
using Xunit;

namespace MsSrConvert.Passes.Tests.Plan;

/// <summary>Where the branches begin and end on request.</summary>
public class BranchSpanTests
{
    [Fact]
    public void The_branches_end_before_the_first_upscaling_operator()
    {
        var result = Convert(Upscaling(), new() { FuseAt = ConversionOptions.Upsampler });
        Assert.Equal(["/head/Conv Separation", "/a/Conv Interaction", "/up/Conv Fusion", "/behind/Conv Kept", "/tail/Conv Kept"],
            Roles(result));
        Assert.Equal(
            "leaves a feature space; its output is not branched: it stands behind DepthToSpace '/DepthToSpace', the first upscaling operator",
            result.Plan.Convs[2].Reason);
    }

    [Fact]
    public void The_branches_end_at_a_named_conv() => Assert.Equal(
        ["/head/Conv Separation", "/a/Conv Fusion", "/up/Conv Kept", "/behind/Conv Kept", "/tail/Conv Kept"],
        Roles(Convert(Upscaling(), new() { FuseAt = "/a/Conv" })));

    [Fact]
    public void The_branches_begin_at_a_named_conv() => Assert.Equal(
        ["/head/Conv Kept", "/a/Conv Separation", "/up/Conv Interaction", "/behind/Conv Interaction", "/tail/Conv Fusion"],
        Roles(Convert(Upscaling(), new() { SeparateAt = "/a/Conv" })));

    [Fact]
    public void The_branches_begin_behind_a_named_operator()
    {
        var result = Convert(TinyGraphs.Between((net, x) => net.Conv(net.Relu(x), "a", 12, 3)), new() { SeparateAt = "/Relu" });
        Assert.Equal(["/head/Conv Kept", "/a/Conv Interaction", "/tail/Conv Fusion"], Roles(result));
    }

    [Fact]
    public void Both_ends_can_be_moved() => Assert.Equal(
        ["/head/Conv Kept", "/a/Conv Separation", "/up/Conv Fusion", "/behind/Conv Kept", "/tail/Conv Kept"],
        Roles(Convert(Upscaling(), new() { SeparateAt = "/a/Conv", FuseAt = ConversionOptions.Upsampler })));

    [Fact]
    public void A_node_that_is_not_there_is_named() => Assert.Contains(
        "there is no node '/nowhere'",
        Assert.Throws<MsSrException>(() => Convert(Upscaling(), new() { FuseAt = "/nowhere" })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_network_that_does_not_upscale_has_no_upsampler() => Assert.Equal(
        "MSSR2004",
        Assert
            .Throws<MsSrException>(
                () => Convert(TinyGraphs.Between((net, x) => x), new() { FuseAt = ConversionOptions.Upsampler })).Diagnostic.Id);

    [Theory]
    [InlineData("srresnet"), InlineData("edsr"), InlineData("rcan"), InlineData("imdn"), InlineData("carn")]
    public void Upscaling_networks_keep_their_tail_and_run(string name)
    {
        var entry = ZooCatalog.Find(name);
        var result = Convert(entry.Create(1), new() { FuseAt = ConversionOptions.Upsampler });
        Assert.Contains(result.Plan.Convs, c => c.Role == ConvRole.Interaction);
        Assert.Contains(result.Plan.Convs, c => c.Role == ConvRole.Fusion);
        var behind = result.Plan.Convs.SkipWhile(c => c.Role != ConvRole.Fusion);
        Assert.DoesNotContain(behind, c => c.Role is ConvRole.Interaction or ConvRole.Separation);
        var scale = entry.Outputs[0].Scale;
        Assert.Equal([1, 3, 9 * scale, 11 * scale], OrtRun.Run(result.Model, OrtRun.Noise(1, 1, 3, 9, 11))[0].Dims);
    }

    // Each of these doubles the number of ways through the graph.
    [Theory]
    [InlineData("/Relu", "diamonds")]
    [InlineData("/Add_59", "diamonds")]
    [InlineData("/Add_59", "doubled")]
    public void A_graph_of_very_many_paths_takes_linear_time(string fuseAt, string kind)
    {
        var model = TinyGraphs.Between((net, x) =>
        {
            x = net.Conv(x, "a", 12, 3);
            for (var i = 0; i < 60; i++)
                x = kind == "doubled" ? net.Add(x, x) : net.Add(net.Relu(x), net.Sigmoid(x));
            return x;
        });
        var watch = System.Diagnostics.Stopwatch.StartNew();

        var result = Convert(model, new() { FuseAt = fuseAt });

        Assert.Contains(result.Plan.Convs, c => c.Role == ConvRole.Fusion);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20);
    }

    private static Model Upscaling() => TinyGraphs.Between((net, x) =>
        net.Conv(net.PixelShuffle(net.Conv(net.Relu(net.Conv(x, "a", 12, 3)), "up", 48, 3), 2), "behind", 12, 3));

    private static Converted Convert(Model model, ConversionOptions options) =>
        Converter.Convert(model, options, new TestStart());

    private static string[] Roles(Converted result) => [.. result.Plan.Convs.Select(c => $"{c.Node.Name} {c.Role}")];
}
