using MsSrConvert.Runtime.Benchmarks;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Runtime.Tests.Benchmarks;

public class OperatorProfileTests
{
    [Fact]
    public void Alike_operators_are_summed_and_counted_per_run()
    {
        using var folder = new TemporaryFolder();
        var path = OpenModels.Write(folder, "a.onnx", 3);

        var rows = OperatorProfile.Take(path, new ImageSize(16, 24), threads: 1, runs: 4);

        var conv = Assert.Single(rows, r => r.Operator is "Conv" or "FusedConv");
        Assert.Equal(1, conv.Count);
        Assert.StartsWith("1x3x16x24 ", conv.Shapes);
        Assert.All(rows, r => Assert.True(r.Ms >= 0));
        Assert.Equal(rows.OrderByDescending(r => r.Ms), rows);
    }
}
