using Google.Protobuf;
using MsSrConvert.GraphIR.Onnx.Wire;
using Xunit;
using static MsSrConvert.GraphIR.Tests.Onnx.WireModels;

namespace MsSrConvert.GraphIR.Tests.Onnx;

/// <summary>Tensors keep the encoding they were read in, and their bytes are the same whatever the encoding.</summary>
public sealed class TensorEncodingTests
{
    public static TheoryData<ElementType> AllTypes =>
        [.. Enum.GetValues<ElementType>().Where(t => t is not (ElementType.Undefined or ElementType.String))];

    [Theory]
    [MemberData(nameof(AllTypes))]
    public void A_tensor_of_each_type_survives_in_raw_form(ElementType element)
    {
        var tensor = new TensorProto { Name = "w", DataType = (int)element, Dims = { 8 }, RawData = Bytes(element) };
        var model = Minimal(m => m.Graph.Initializer.Add(tensor));

        AssertSame(model, RoundTrip(model));
        Assert.Equal(TensorEncoding.Raw, Initializer(model).Encoding);
    }

    [Theory]
    [MemberData(nameof(AllTypes))]
    public void A_tensor_of_each_type_survives_in_typed_form_and_has_the_bytes_of_the_raw_form(ElementType element)
    {
        var model = Minimal(m => m.Graph.Initializer.Add(Typed(element)));

        AssertSame(model, RoundTrip(model));
        Assert.Equal(TensorEncoding.Typed, Initializer(model).Encoding);
        Assert.Equal(Bytes(element).ToByteArray(), Initializer(model).Bytes.ToArray());
    }

    // Elements of half a byte fill whole bytes: three take two.
    [Theory]
    [InlineData(ElementType.Int4)]
    [InlineData(ElementType.UInt4)]
    public void An_odd_count_of_half_bytes_keeps_its_last_byte(ElementType element)
    {
        var raw = ByteString.CopyFrom(0x21, 0x03);
        var tensor = new TensorProto { Name = "w", DataType = (int)element, Dims = { 3 }, RawData = raw };
        var model = Minimal(m => m.Graph.Initializer.Add(tensor));

        AssertSame(model, RoundTrip(model));
        Assert.Equal([0x21, 0x03], Initializer(model).Bytes.ToArray());
    }

    [Fact]
    public void Strings_survive()
    {
        var tensor = new TensorProto { Name = "w", DataType = (int)ElementType.String, Dims = { 2 } };
        tensor.StringData.Add(ByteString.CopyFromUtf8("ä"));
        tensor.StringData.Add(ByteString.Empty);
        var model = Minimal(m => m.Graph.Initializer.Add(tensor));

        AssertSame(model, RoundTrip(model));
        Assert.Equal([2, 0], Initializer(model).Strings!.Select(s => s.Length));
    }

    [Fact]
    public void Empty_tensors_survive_with_and_without_raw_data() => Assert.All(new[] { true, false }, raw =>
    {
        var tensor = new TensorProto { Name = "roi", DataType = (int)ElementType.Float, Dims = { 0 } };
        if (raw)
            tensor.RawData = ByteString.Empty;
        var model = Minimal(m => m.Graph.Initializer.Add(tensor));

        AssertSame(model, RoundTrip(model));
        Assert.Equal(0, Initializer(model).Bytes.Length);
    });

    [Fact]
    public void A_scalar_survives()
    {
        var model = Minimal(m => m.Graph.Initializer.Add(new TensorProto { Name = "s", DataType = 1, FloatData = { 0.5f } }));

        AssertSame(model, RoundTrip(model));
        Assert.Equal([0.5f], Initializer(model).ToFloats());
    }

    [Fact]
    public void A_tensor_of_a_type_newer_than_this_reader_survives()
    {
        var tensor = new TensorProto { Name = "w", DataType = 77, Dims = { 3 }, RawData = ByteString.CopyFrom(1, 2, 3, 4) };
        var model = Minimal(m => m.Graph.Initializer.Add(tensor));

        AssertSame(model, RoundTrip(model));
    }

    private static TensorData Initializer(ModelProto model) => Read(model).Graph.Initializers[0].Initializer!;

    // Eight elements; bytes with the high bit set so that a lost or added sign would show.
    private static ByteString Bytes(ElementType element) => ByteString.CopyFrom(
        [.. Enumerable.Range(0, element.Bits()).Select(i => (byte)(element == ElementType.Bool ? i % 2 : 0xF1 - i))]);

    private static TensorProto Typed(ElementType element)
    {
        var bytes = Bytes(element).ToByteArray();
        var tensor = new TensorProto { Name = "w", DataType = (int)element, Dims = { 8 } };
        switch (element)
        {
            case ElementType.Float or ElementType.Complex64:
                tensor.FloatData.AddRange(bytes.Chunk(4).Select(b => BitConverter.ToSingle(b)));
                break;
            case ElementType.Double or ElementType.Complex128:
                tensor.DoubleData.AddRange(bytes.Chunk(8).Select(b => BitConverter.ToDouble(b)));
                break;
            case ElementType.Int64:
                tensor.Int64Data.AddRange(bytes.Chunk(8).Select(b => BitConverter.ToInt64(b)));
                break;
            case ElementType.UInt64:
                tensor.Uint64Data.AddRange(bytes.Chunk(8).Select(b => BitConverter.ToUInt64(b)));
                break;
            case ElementType.UInt32:
                tensor.Uint64Data.AddRange(bytes.Chunk(4).Select(b => (ulong)BitConverter.ToUInt32(b)));
                break;
            case ElementType.Int32:
                tensor.Int32Data.AddRange(bytes.Chunk(4).Select(b => BitConverter.ToInt32(b)));
                break;
            case ElementType.Int16:
                tensor.Int32Data.AddRange(bytes.Chunk(2).Select(b => (int)BitConverter.ToInt16(b)));
                break;
            case ElementType.Int8:
                tensor.Int32Data.AddRange(bytes.Select(b => (int)(sbyte)b));
                break;
            case var _ when element.Bits() == 16:
                tensor.Int32Data.AddRange(bytes.Chunk(2).Select(b => (int)BitConverter.ToUInt16(b)));
                break;
            default:
                tensor.Int32Data.AddRange(bytes.Select(b => (int)b));
                break;
        }

        return tensor;
    }
}
