using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Branching.Rules;
using Xunit;

namespace MsSrConvert.Passes.Tests.Branching.Rules;

public class ChannelParameterTests
{
    [Theory]
    [InlineData(new long[0], -1), InlineData(new long[] { 1 }, -1), InlineData(new long[] { 1, 1, 1, 1 }, -1)]
    [InlineData(new long[] { 8, 1, 1 }, 0), InlineData(new long[] { 1, 8, 1, 1 }, 1)]
    [InlineData(new long[] { 8 }, null), InlineData(new long[] { 8, 1 }, null), InlineData(new long[] { 4, 1, 1 }, null)]
    [InlineData(new long[] { 8, 2, 1 }, null), InlineData(new long[] { 2, 8, 1, 1 }, null),
        InlineData(new long[] { 1, 1, 8, 1, 1 }, null)]
    public void The_channel_axis_stands_third_from_the_end(long[] dims, int? axis)
    {
        var constant = TensorData.Of(new float[dims.Aggregate(1L, (p, d) => p * d)], dims);
        Assert.Equal(axis, ChannelParameter.AxisOf(constant, channels: 8));
    }
}
