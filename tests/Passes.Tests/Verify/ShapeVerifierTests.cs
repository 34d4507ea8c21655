using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Tests.Support;
using MsSrConvert.Passes.Verify;
using Xunit;

namespace MsSrConvert.Passes.Tests.Verify;

public class ShapeVerifierTests
{
    [Fact]
    public void A_conversion_has_no_faults() => Assert.Empty(Faults(_ => { }));

    [Fact]
    public void An_output_that_isn_t_cut_back_is_found() => Assert.Contains(
        Faults(
            graph => graph.Nodes.Single(n => n.Is("Slice")).SetInput(2,
                graph.AddInitializer("far", TensorData.Of([long.MaxValue, long.MaxValue], 2)))),
        fault =>
            fault.Reason == "'output' is [batch, 3, 2*floor((height+1)/2), 2*floor((width+1)/2)] where the source gives [batch, 3, height, width]"
            && fault.About == "/tail/Conv" && fault.Spaces.Count == 1);

    [Fact]
    public void Branches_that_don_t_meet_are_found() => Assert.Contains(
        Faults(graph => graph.Nodes.First(n => n.Is("AveragePool")).With("strides", [3, 3])),
        fault =>
            fault.Reason.StartsWith("sizes don't meet in its branches: ", StringComparison.Ordinal) && fault.Spaces.Count > 0);

    [Fact]
    public void A_branch_of_another_size_is_found() => Assert.Contains(
        Faults(
            graph => graph.Nodes.Single(n => n.Is("Pad")).With("mode", "edge").SetInput(1,
                graph.AddInitializer("none", TensorData.Of(new long[8], 8)))),
        fault => fault.Reason.Contains("is needed", StringComparison.Ordinal));

    [Fact]
    public void A_space_that_doesn_t_fit_is_closed_with_the_reason_and_the_rest_converts()
    {
        // A factor that makes 13 rows of 10, and 6 of 5.
        var result = Converter.Convert(
            TinyGraphs.Of(Shape.Known(1, 3, 10, 20), (net, x) =>
            {
                var y = net.Relu(net.Conv(net.Relu(net.Conv(x, "a", 12, 3)), "b", 12, 3));
                return net.Conv(net.Resize(y, 2.6f), "c", 3, 3);
            }), new ConversionOptions(), new TestStart());
        OrtRun.Open(result.Model).Dispose();
        Assert.True(result.Plan.ConvertedConvs > 0);
    }

    private static IReadOnlyList<ShapeFault> Faults(Action<Graph> spoil)
    {
        var result = Converter.Convert(TinyGraphs.Between((net, x) => net.Relu(net.Conv(x, "a", 12, 3))), new ConversionOptions(),
            new TestStart());
        spoil(result.Model.Graph);
        return ShapeVerifier.Check(result.Model, result.Plan, result.Branches);
    }
}
