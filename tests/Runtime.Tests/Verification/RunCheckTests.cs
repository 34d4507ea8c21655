using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
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
        var model = OnnxFile.Read(path);
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
