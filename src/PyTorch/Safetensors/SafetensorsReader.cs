using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Safetensors;

/// <summary>Reads the safetensors format; nothing in a file is trusted before it was checked.</summary>
public static class SafetensorsReader
{
    private const int LengthBytes = sizeof(ulong);

    // The format's own limit; it keeps a few hostile bytes from asking for all memory.
    private const long LargestHeader = 100_000_000;

    /// <summary>Reads a file.</summary>
    /// <exception cref="MsSrException">The file can't be read, or isn't whole and sound (MSSR1501).</exception>
    public static SafetensorsFile Read(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Bad(path, $"it can't be read: {e.Message}", e);
        }
    }

    /// <summary>Reads the bytes of a file.</summary>
    /// <param name="bytes">The content.</param>
    /// <param name="name">How messages call it.</param>
    /// <exception cref="MsSrException">The bytes aren't whole and sound (MSSR1501).</exception>
    public static SafetensorsFile Parse(ReadOnlyMemory<byte> bytes, string name)
    {
        if (bytes.Length < LengthBytes)
            throw Bad(name, "it is too short to have a header");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span);
        if (length > LargestHeader || (long)length > bytes.Length - LengthBytes)
        {
            throw Bad(name,
                string.Create(CultureInfo.InvariantCulture, $"its header is said to take {length} bytes, which it doesn't have"));
        }

        var data = bytes[(LengthBytes + (int)length)..];
        try
        {
            using var header = JsonDocument.Parse(bytes.Slice(LengthBytes, (int)length));
            return Parse(header.RootElement, data, name);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Bad(name, "its header isn't the JSON that the format asks for", e);
        }
    }

    private static SafetensorsFile Parse(JsonElement header, ReadOnlyMemory<byte> data, string name)
    {
        var tensors = new Dictionary<string, TensorData>();
        var metadata = new Dictionary<string, string>();
        var places = new List<(long Start, long End, string Name)>();
        foreach (var entry in header.EnumerateObject())
        {
            if (entry.Name == "__metadata__")
            {
                foreach (var text in entry.Value.EnumerateObject())
                    metadata[text.Name] = text.Value.GetString() ?? "";
                continue;
            }

            var (start, end) = Place(entry, data.Length, name);
            if (!tensors.TryAdd(entry.Name, Tensor(entry, data[(int)start..(int)end], name)))
                throw Bad(name, $"it has two tensors '{entry.Name}'");
            places.Add((start, end, entry.Name));
        }

        RequireNoOverlap(places, name);
        return new SafetensorsFile(tensors, metadata);
    }

    private static (long Start, long End) Place(JsonProperty entry, long available, string name)
    {
        long[] offsets = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(o => o.GetInt64())];
        return offsets is [>= 0, _] && offsets[0] <= offsets[1] && offsets[1] <= available
            ? (offsets[0], offsets[1])
            : throw Bad(name,
                $"tensor '{entry.Name}' is said to lie at {string.Join(" to ", offsets)}, where the file has {available} bytes of data");
    }

    private static TensorData Tensor(JsonProperty entry, ReadOnlyMemory<byte> bytes, string name)
    {
        var type = entry.Value.GetProperty("dtype").GetString() ?? "";
        var element = SafetensorsTypes.Parse(type);
        if (element == ElementType.Undefined)
            throw Bad(name, $"tensor '{entry.Name}' has the type '{type}', which isn't known");
        long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64())];
        if (ByteCount(shape, element) != bytes.Length)
        {
            throw Bad(name,
                $"tensor '{entry.Name}' of type {type} and shape [{string.Join(", ", shape)}] can't take {bytes.Length} bytes");
        }

        return new TensorData(element, shape, bytes);
    }

    // Null where the shape is senseless or its product doesn't fit a number.
    private static long? ByteCount(long[] shape, ElementType element)
    {
        var count = (Int128)(element.Bits() / 8);
        foreach (var dim in shape)
        {
            count *= dim;
            if (dim < 0 || count > long.MaxValue)
                return null;
        }

        return (long)count;
    }

    private static void RequireNoOverlap(List<(long Start, long End, string Name)> places, string name)
    {
        var end = (End: 0L, Name: "");
        foreach (var place in places.Where(p => p.End > p.Start).OrderBy(p => p.Start))
        {
            if (place.Start < end.End)
                throw Bad(name, $"tensors '{end.Name}' and '{place.Name}' lie on the same bytes");
            end = (place.End, place.Name);
        }
    }

    private static MsSrException Bad(string where, string what, Exception? cause = null) =>
        new(new Diagnostic("MSSR1501", Severity.Error,
        $"this is not a sound safetensors file: {what}.", where, "Save or download it again."), cause);
}
