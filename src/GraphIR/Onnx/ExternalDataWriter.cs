using System.Globalization;

namespace MsSrConvert.GraphIR.Onnx;

/// <summary>Collects tensor data in a file beside the model, for models that one file can't hold.</summary>
internal sealed class ExternalDataWriter : IDisposable
{
    /// <summary>Tensors of fewer bytes stay in the model.</summary>
    public const int SmallestTensor = PageSize;

    // Data that starts on a page can be mapped into memory.
    private const int PageSize = 4096;

    private readonly AtomicFile _file;
    private readonly string _location;

    /// <summary>Starts a data file at <paramref name="path"/>.</summary>
    public ExternalDataWriter(string path)
    {
        _file = new AtomicFile(path);
        _location = Path.GetFileName(path);
    }

    /// <summary>Adds a tensor's bytes; the result says where they are, as the model states it.</summary>
    public IEnumerable<KeyValuePair<string, string>> Append(ReadOnlySpan<byte> bytes)
    {
        var offset = Multiples.RoundUp(_file.Stream.Position, PageSize);
        _file.Stream.Position = offset;
        _file.Stream.Write(bytes);
        return
        [
            new("location", _location),
            new("offset", offset.ToString(CultureInfo.InvariantCulture)),
            new("length", bytes.Length.ToString(CultureInfo.InvariantCulture)),
        ];
    }

    /// <summary>Gives the file its name.</summary>
    public void Commit() => _file.Commit();

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
