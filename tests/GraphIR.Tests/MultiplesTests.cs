using Xunit;

namespace MsSrConvert.GraphIR.Tests;

public sealed class MultiplesTests
{
    [Theory]
    [InlineData(0, 8, 0)]
    [InlineData(1, 8, 8)]
    [InlineData(8, 8, 8)]
    [InlineData(9, 8, 16)]
    [InlineData(7, 1, 7)]
    public void Rounds_up(long value, long multiple, long expected) => Assert.Equal(expected, Multiples.RoundUp(value, multiple));
}
