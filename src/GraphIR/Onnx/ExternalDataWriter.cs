using System.Globalization;
using System.Security.Cryptography;
using Google.Protobuf.Collections;
using MsSrConvert.GraphIR.Onnx.Wire;

namespace MsSrConvert.GraphIR.Onnx;

/// <summary>Collects tensor data in a file beside the model, for models that one file can't hold.</summary>
internal sealed class ExternalDataWriter : IDisposable
{
    /// <summary>Tensors of fewer bytes stay in the model.</summary>
    public const int SmallestTensor = PageSize;

    // Data that starts on a page can be mapped into memory.
    private const int PageSize = 4096;

    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<StringStringEntryProto> _locations = [];

    /// <summary>Starts a data file at <paramref name="path"/>.</summary>
    public ExternalDataWriter(string path) =>
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);

    /// <summary>Adds a tensor's bytes, and says in the tensor's entries where they are.</summary>
    public void Append(ReadOnlySpan<byte> bytes, RepeatedField<StringStringEntryProto> entries)
    {
        var gap = new byte[Multiples.RoundUp(_file.Position, PageSize) - _file.Position];
        Write(gap);
        var location = new StringStringEntryProto { Key = "location" };
        _locations.Add(location);
        entries.Add(location);
        entries.Add(Entry("offset", _file.Position));
        entries.Add(Entry("length", bytes.Length));
        Write(bytes);
    }

    /// <summary>Ends the file, and names it in all entries.</summary>
    /// <param name="name">The file's name after what it holds, in hexadecimal digits.</param>
    /// <returns>The name.</returns>
    public string Finish(Func<string, string> name)
    {
        _file.Flush(flushToDisk: true);
        var chosen = name(Convert.ToHexStringLower(_hash.GetHashAndReset()));
        foreach (var location in _locations)
            location.Value = chosen;
        return chosen;
    }

    private static StringStringEntryProto Entry(string key, long value) =>
        new() { Key = key, Value = value.ToString(CultureInfo.InvariantCulture) };

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        _file.Write(bytes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _hash.Dispose();
    }
}
