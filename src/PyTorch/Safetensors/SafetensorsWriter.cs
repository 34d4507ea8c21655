using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Safetensors;

/// <summary>
/// Writes the safetensors format: the header's length in 8 little-endian bytes, a JSON header that gives every tensor's type,
/// shape and place, then the elements without gaps. The header is filled up with spaces so that the elements start at a multiple
/// of 8.
/// </summary>
public static class SafetensorsWriter
{
    private const int Alignment = 8;

    /// <summary>Writes tensors in the given order; the same tensors give the same bytes.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="tensors">The tensors; names are unique.</param>
    /// <param name="metadata">Further text entries of the header.</param>
    /// <exception cref="NotSupportedException">The format has no such element type.</exception>
    public static void Write(Stream stream, IReadOnlyList<NamedTensor> tensors,
        IReadOnlyList<KeyValuePair<string, string>> metadata)
    {
        // Wide elements first: every tensor then starts at a multiple of its element's size.
        var ordered = tensors.OrderByDescending(t => t.Data.Element.Bits()).ToArray();
        var header = Header(ordered, metadata);
        var padding = (Alignment - (header.Length % Alignment)) % Alignment;
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)(header.Length + padding));
        stream.Write(length);
        stream.Write(header);
        stream.Write(Encoding.ASCII.GetBytes(new string(' ', padding)));
        foreach (var tensor in ordered)
            stream.Write(tensor.Data.Bytes.Span);
    }

    private static byte[] Header(IEnumerable<NamedTensor> tensors, IReadOnlyList<KeyValuePair<string, string>> metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer,
            new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach (var (key, value) in metadata)
                json.WriteString(key, value);
            json.WriteEndObject();
            var offset = 0L;
            foreach (var (name, data) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", SafetensorsTypes.NameOf(data.Element) ?? throw new NotSupportedException(
                    string.Create(CultureInfo.InvariantCulture, $"The safetensors format has no type for {data.Element}.")));
                WriteNumbers(json, "shape", data.Dims);
                WriteNumbers(json, "data_offsets", [offset, offset += data.Bytes.Length]);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IReadOnlyList<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
