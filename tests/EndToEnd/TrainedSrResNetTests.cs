using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.EndToEnd;

/// <summary>Trained SRResNet files of different exporters convert with every number of branches and run at any size.</summary>
public sealed class TrainedSrResNetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, int, string> Cases()
    {
        var cases = new TheoryData<string, int, string>();
        foreach (var name in new[] { "leftthomas_SRGAN-SRResNetG-x4", "leftthomas_SRGAN-SRResNetG_BNkept-x4",
            "XPixelGroup_BasicSR-MSRResNet-x4-RANDOM" })
        {
            foreach (var branches in new[] { 2, 3, 4 })
            {
                cases.Add(name, branches, "adjacent");
                cases.Add(name, branches, "full");
            }
        }

        return cases;
    }

    public void Dispose() => _folder.Dispose();

    [SharedTheory]
    [MemberData(nameof(Cases))]
    public void It_converts_and_gives_the_sources_shape_at_even_and_odd_sizes(string name, int branches, string interaction)
    {
        var source = SharedModels.PathOf($"models/{name}.onnx");
        var converted = Convert(source, branches, interaction);
        AssertSameShapes(source, converted, 48, 48);
        AssertSameShapes(source, converted, 37, 53);
    }

    [SharedTheory]
    [MemberData(nameof(Cases))]
    public void It_takes_batches_where_the_source_does(string name, int branches, string interaction)
    {
        var source = _folder["batch.onnx"];
        NetworkRun.OpenBatch(SharedModels.PathOf($"models/{name}.onnx"), source);
        AssertSameShapes(source, Convert(source, branches, interaction), 24, 24, batch: 2);
    }

    private string Convert(string source, int branches, string interaction)
    {
        var output = _folder["converted.onnx"];
        var run = CommandRun.Of(source, "-o", output, "--branches", $"{branches}", "--interaction", interaction, "--no-check",
            "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        var roles = run.Json().GetProperty("convs").EnumerateArray().Select(c => c.GetProperty("role").GetString()).ToList();
        Assert.Contains("separation", roles);
        Assert.Contains("interaction", roles);
        Assert.Contains("fusion", roles);
        return output;
    }

    private static void AssertSameShapes(string source, string converted, int height, int width, int batch = 1)
    {
        var expected = NetworkRun.At(source, height, width, batch);
        foreach (var (output, tensor) in NetworkRun.At(converted, height, width, batch))
        {
            Assert.Equal(expected[output].Dims, tensor.Dims);
            Assert.Equal(batch, tensor.Dims[0]);
            Assert.True(tensor.IsFinite(), $"{output} isn't finite");
        }
    }
}
