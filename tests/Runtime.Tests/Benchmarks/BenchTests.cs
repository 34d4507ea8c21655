using MsSrConvert.GraphIR;
using MsSrConvert.Runtime.Benchmarks;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Runtime.Tests.Benchmarks;

public class BenchTests
{
    private static readonly BenchOptions Quick = new() { Sizes = [new(16, 16), new(24, 20)], Runs = 3, Warmup = 1 };

    [Fact]
    public void Every_model_has_a_row_at_every_size_and_the_first_is_the_measure()
    {
        using var folder = new TemporaryFolder();
        var (a, b) = (OpenModels.Write(folder, "a.onnx", 3), OpenModels.Write(folder, "b.onnx", 3, scale: 2));

        var rows = Bench.Run([a, b], Quick, (_, size) => new BenchCost(81, 81L * size.Height * size.Width, 1));

        Assert.Equal([(a, 16), (b, 16), (a, 24), (b, 24)], rows.Select(r => (r.Path, r.Size.Height)));
        Assert.All(rows, r => Assert.True(r is { MedianMs: > 0, Spread: >= 0, Ratio: > 0, PeakBytes: >= 0, IdealRatio: 1 }));
        Assert.All(rows.Where(r => r.Path == a), r => Assert.Equal(1, r.Ratio));
        Assert.Equal(81L * 24 * 20, rows[2].Cost!.Macs);
    }

    [Fact]
    public void Runs_are_interleaved()
    {
        using var folder = new TemporaryFolder();
        var (a, b) = (OpenModels.Write(folder, "a.onnx", 3), OpenModels.Write(folder, "b.onnx", 3));
        var told = new List<BenchProgress>();

        Bench.Run([a, b], Quick with { Sizes = [new(16, 16)] }, progress: told.Add);

        Assert.Equal(
            [
                "memory of a.onnx", "memory of b.onnx", "16x16: warm-up", "16x16: run 1 of 3", "16x16: run 2 of 3",
                "16x16: run 3 of 3"
            ],
            told.Select(t => t.Current));
        Assert.Equal([0, 0, 0, 0.25, 0.5, 0.75], told.Select(t => t.Share));
    }

    [Fact]
    public void A_cost_that_is_not_known_is_left_out()
    {
        using var folder = new TemporaryFolder();

        var row = Bench.Run([OpenModels.Write(folder, "a.onnx", 3)], Quick, (_, _) => null)[0];

        Assert.Null(row.Cost);
        Assert.Null(row.IdealRatio);
    }

    [Fact]
    public void Bad_input_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["text.onnx"], "no model at all, only some text");

        Assert.Equal("MSSR3408", Assert.Throws<MsSrException>(() => Bench.Run([], Quick)).Diagnostic.Id);
        Assert.Equal("MSSR1001", Assert.Throws<MsSrException>(() => Bench.Run([folder["nowhere.onnx"]], Quick)).Diagnostic.Id);
        Assert.StartsWith("MSSR1", Assert.Throws<MsSrException>(() => Bench.Run([folder["text.onnx"]], Quick)).Diagnostic.Id);
    }
}
