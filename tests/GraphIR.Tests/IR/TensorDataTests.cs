using Xunit;

namespace MsSrConvert.GraphIR.Tests.IR;

public sealed class TensorDataTests
{
    [Theory]
    [InlineData(ElementType.Float, 4)]
    [InlineData(ElementType.Double, 8)]
    [InlineData(ElementType.Float16, 2)]
    [InlineData(ElementType.BFloat16, 2)]
    public void Floats_survive_in_every_floating_point_type(ElementType element, int width)
    {
        float[] values = [0, 1, -2.5f, float.PositiveInfinity, float.NaN];

        var data = TensorData.OfFloating(element, values, 5);

        Assert.Equal(5 * width, data.Bytes.Length);
        Assert.Equal(values, data.ToFloats());
    }

    [Fact]
    public void BFloat16_rounds_to_nearest_even() =>
        Assert.Equal([1f, 1.015625f], TensorData.OfFloating(ElementType.BFloat16, [1.00390625f, 1.01171875f], 2).ToFloats());

    [Fact]
    public void Integers_are_no_floats()
    {
        Assert.Throws<NotSupportedException>(() => TensorData.OfFloating(ElementType.Int64, [1f], 1));
        Assert.Throws<NotSupportedException>(() => TensorData.Of([1L], 1).ToFloats());
        Assert.Throws<NotSupportedException>(() => TensorData.Of([1f], 1).ToInt64s());
    }

    [Theory]
    [InlineData(ElementType.Int8, -15)]
    [InlineData(ElementType.UInt8, 0xF1)]
    [InlineData(ElementType.Int16, -0xF0F)]
    [InlineData(ElementType.UInt16, 0xF0F1)]
    [InlineData(ElementType.Int32, -0x10100F0F)]
    [InlineData(ElementType.UInt32, 0xEFEFF0F1)]
    public void Integers_of_every_width_keep_their_sign(ElementType element, long expected)
    {
        byte[] bytes = [0xF1, 0xF0, 0xEF, 0xEF];

        Assert.Equal([expected], new TensorData(element, [1], bytes.AsMemory(0, element.Bits() / 8)).ToInt64s());
    }
}
