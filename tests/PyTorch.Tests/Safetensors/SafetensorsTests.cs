using System.Buffers.Binary;
using System.Text;
using MsSrConvert.GraphIR;
using MsSrConvert.PyTorch.Safetensors;
using Xunit;

namespace MsSrConvert.PyTorch.Tests.Safetensors;

public class SafetensorsTests
{
    [Fact]
    public void The_file_is_laid_out_as_the_format_says()
    {
        var bytes = Write(new NamedTensor("bytes", new TensorData(ElementType.UInt8, [3], new byte[] { 7, 8, 9 })),
            new NamedTensor("w", TensorData.Of([1f, 2f], 1, 2)));
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        Assert.Equal(
            """{"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"bytes":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}}""",
            Encoding.UTF8.GetString(bytes, 8, length).TrimEnd(' '));
        Assert.Equal(8 + length + 11, bytes.Length);
        Assert.Equal(2f, BitConverter.ToSingle(bytes, 8 + length + 4));
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        NamedTensor[] tensors =
        [
            new("a", TensorData.Of([1.5f, -2f], 2)), new("scalar", TensorData.Of([3L])),
            new("none", TensorData.Of(Array.Empty<float>(), 0, 3)),
            new("half", TensorData.OfFloating(ElementType.Float16, [0.5f], 1)),
            new("ünïcode \"quoted\"", TensorData.OfFloating(ElementType.BFloat16, [4f], 1, 1)),
        ];
        var file = SafetensorsReader.Parse(Write(tensors), "file");
        Assert.Equal(tensors.Select(t => t.Name).Order(), file.Tensors.Keys.Order());
        Assert.All(tensors, t =>
        {
            var read = file.Tensors[t.Name];
            Assert.Equal(t.Data.Element, read.Element);
            Assert.Equal(t.Data.Dims, read.Dims);
            Assert.Equal(t.Data.Bytes.ToArray(), read.Bytes.ToArray());
        });
        Assert.Equal("pt", file.Metadata["format"]);
    }

    [Theory]
    [InlineData("too short", "")]
    [InlineData("isn't the JSON", "[1, 2]")]
    [InlineData("isn't the JSON", "{\"w\": 5}")]
    [InlineData("isn't the JSON", "{\"w\": {\"dtype\": \"F32\"}}")]
    [InlineData("isn't the JSON", "{\"w\": {\"dtype\": \"F32\", \"shape\": [1.5], \"data_offsets\": [0, 4]}}")]
    [InlineData("has the type 'F99'", "{\"w\": {\"dtype\": \"F99\", \"shape\": [1], \"data_offsets\": [0, 4]}}")]
    [InlineData("lie at 0 to 64", "{\"w\": {\"dtype\": \"F32\", \"shape\": [16], \"data_offsets\": [0, 64]}}")]
    [InlineData("lie at 4 to 0", "{\"w\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [4, 0]}}")]
    [InlineData("lie at -4 to 0", "{\"w\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [-4, 0]}}")]
    [InlineData("lie at 0", "{\"w\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0]}}")]
    [InlineData("can't take 4 bytes", "{\"w\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 4]}}")]
    [InlineData("can't take 8 bytes", "{\"w\": {\"dtype\": \"F32\", \"shape\": [-1, -2], \"data_offsets\": [0, 8]}}")]
    [InlineData("can't take 0 bytes",
        "{\"w\": {\"dtype\": \"F32\", \"shape\": [4294967296, 4294967296, 4294967296, 4294967296], \"data_offsets\": [0, 0]}}")]
    [InlineData("two tensors 'w'",
        "{\"w\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}, \"w\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [4, 8]}}")]
    [InlineData("'w' and 'v' lie on the same bytes",
        "{\"w\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}, \"v\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [3, 7]}}")]
    public void A_hostile_header_is_refused_with_what_is_wrong(string reason, string header)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var bytes = header.Length == 0 ? [1, 2, 3] : new byte[8 + text.Length + 8];
        if (header.Length > 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)text.Length);
            text.CopyTo(bytes, 8);
        }

        Refused(reason, bytes);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 40)]
    [InlineData(9UL)]
    public void A_header_longer_than_the_file_is_refused(ulong length)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        Refused("which it doesn't have", bytes);
    }

    [Fact]
    public void A_file_that_is_cut_anywhere_is_refused()
    {
        var whole = Write(new NamedTensor("a", TensorData.Of([1f, 2f], 2)), new NamedTensor("b", TensorData.Of([3f], 1)));
        for (var length = 0; length < whole.Length; length++)
            Assert.Throws<MsSrException>(() => SafetensorsReader.Parse(whole.AsMemory(0, length), "file"));
    }

    private static void Refused(string reason, byte[] bytes)
    {
        var error = Assert.Throws<MsSrException>(() => SafetensorsReader.Parse(bytes, "file")).Diagnostic;
        Assert.Equal("MSSR1501", error.Id);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static byte[] Write(params NamedTensor[] tensors)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, tensors, [new("format", "pt")]);
        return stream.ToArray();
    }
}
