using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Operators;
using MsSrConvert.Runtime.Verification;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Runtime.Tests.Verification;

public class RunCheckTests
{
    [SharedTheory]
    [InlineData("ESPCN_rgb")]
    [InlineData("super-resolution-10")]
    [InlineData("noise2noise")]
    [InlineData("FSRCNN_tf")]
    public void A_sound_model_passes_against_itself(string name)
    {
        var path = TestFiles.Model(name);

        var results = RunCheck.Run(path, path);

        Assert.All(results, r => Assert.True(r.Passed, $"{r.Check}: {r.Detail}"));
        Assert.Contains(results, r => r.Check.StartsWith("finite on", StringComparison.Ordinal));
    }

    [Fact]
    public void Odd_sizes_are_among_those_tried()
    {
        using var folder = new TemporaryFolder();

        var results = RunCheck.Run(OpenModels.Write(folder, "a.onnx", 3));

        Assert.Contains(results, r => r is { Check: "runs on float[1, 3, 37, 53]", Passed: true });
    }

    [Fact]
    public void Primes_the_smallest_size_and_neighbours_are_among_those_tried()
    {
        using var folder = new TemporaryFolder();

        var results = RunCheck.Run(OpenModels.Write(folder, "a.onnx", 3, pad: false));

        foreach (var size in new[] { "61, 89", "130, 130", "129, 129", "65, 34", "3, 3", "4, 4" })
            Assert.Contains(results, r => r.Check == $"runs on float[1, 3, {size}]" && r is { Passed: true, Tried: true });
        Assert.Contains(results,
            r => r is
            {
                Check: "runs on float[1, 3, 2, 2]", Passed: true, Tried: false,
                Detail: "left out: the model doesn't take it"
            });
    }

    [Fact]
    public void Sizes_that_the_source_refuses_are_left_out_with_what_it_says()
    {
        using var folder = new TemporaryFolder();

        var results = RunCheck.Run(WriteHalved(folder, "a.onnx"), WriteHalved(folder, "b.onnx"));

        Assert.All(results, r => Assert.True(r.Passed));
        Assert.Contains(results, r => r is { Check: "runs on float[1, 3, 48, 48]", Tried: true });
        Assert.Contains(results, r => r is { Check: "runs on float[1, 3, 37, 53]", Tried: false }
            && r.Detail.StartsWith("left out: the source doesn't take it", StringComparison.Ordinal));
    }

    [Fact]
    public void A_size_that_only_the_source_takes_is_found()
    {
        using var folder = new TemporaryFolder();

        var results = RunCheck.Run(WriteHalved(folder, "a.onnx"), OpenModels.Write(folder, "b.onnx", 3));

        Assert.Contains(results, r => r is { Check: "runs on float[1, 3, 37, 53]", Passed: false });
    }

    // A map pooled to half its size, doubled and added to itself: only even sides fit.
    private static string WriteHalved(TemporaryFolder folder, string name)
    {
        var path = OpenModels.Write(folder, name, 3);
        var model = ModelFile.Read(path);
        var graph = model.Graph;
        var (x, output) = (graph.Inputs[0], graph.Outputs[0]);
        var conv = output.Producer!;
        var (whole, half, doubled) = (new Value("whole"), new Value("half"), new Value("doubled"));
        conv.SetOutput(0, whole);
        graph.Add(new Node("MaxPool", [x], [half], "half").With("kernel_shape", [2, 2]).With("strides", [2, 2]));
        graph.Add(
            new Node("Resize", [half, null, graph.AddInitializer("twice", TensorData.Of([1f, 1f, 2f, 2f], 4))], [doubled],
                "double").With("mode", "nearest"));
        graph.Add(new Node("Add", [whole, doubled], [output], "sum"));
        OnnxFile.Write(model, path);
        return path;
    }

    [Fact]
    public void Infinite_numbers_are_found()
    {
        using var folder = new TemporaryFolder();

        var results = RunCheck.Run(OpenModels.Write(folder, "a.onnx", 3, gain: float.PositiveInfinity));

        Assert.Contains(results, r => !r.Passed && r.Detail == "output holds infinities or NaN");
    }

    [Fact]
    public void Another_shape_than_the_source_s_is_found()
    {
        using var folder = new TemporaryFolder();

        var results = RunCheck.Run(OpenModels.Write(folder, "a.onnx", 3), OpenModels.Write(folder, "b.onnx", 3, scale: 2));

        Assert.Contains(results, r => r is { Passed: false, Check: "the source's shape on float[1, 3, 48, 48]" }
            && r.Detail == "output float[1, 3, 48, 48]; the source gives output float[1, 3, 96, 96]");
    }

    [Fact]
    public void A_model_that_onnx_runtime_refuses_is_a_finding_and_not_an_error()
    {
        using var folder = new TemporaryFolder();
        var path = OpenModels.Write(folder, "a.onnx", 3);
        var model = ModelFile.Read(path);
        model.Graph.Nodes[0].OpType = "NoSuchOperator";
        OnnxFile.Write(model, path);

        var result = Assert.Single(RunCheck.Run(path));

        Assert.False(result.Passed);
        Assert.Contains("NoSuchOperator", result.Detail);
    }

    [Fact]
    public void A_missing_file_is_an_error() =>
        Assert.Equal("MSSR1001", Assert.Throws<MsSrException>(() => RunCheck.Run("nowhere.onnx")).Diagnostic.Id);
}
