using System.Globalization;

namespace MsSrConvert.GraphIR.Onnx;

/// <summary>Opens tensor data that stands in files beside the model. Files are checked at once and read when asked for.</summary>
internal sealed class ExternalData
{
    private readonly string? _folder;
    private readonly string[] _roots;
    private readonly Dictionary<string, (string Path, long Length)> _files = [];

    private ExternalData(string? folder, params IEnumerable<string> roots) =>
        (_folder, _roots) = (folder is null ? null : Path.GetFullPath(folder), [.. roots.Select(FilePlace.Real)]);

    /// <summary>Resolves locations against a folder; without one every location is an error.</summary>
    public static ExternalData In(string? folder) => folder is null ? new ExternalData(null) : new ExternalData(folder, folder);

    /// <summary>
    /// Resolves locations against the folder of a model file. Data may also be a link into the folder where the model really is,
    /// where that is a link itself: model hubs keep their files so.
    /// </summary>
    public static ExternalData Of(string model)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(model))!;
        return new ExternalData(folder, folder, Path.GetDirectoryName(FilePlace.Real(model))!);
    }

    /// <summary>The bytes of a tensor, still to be read.</summary>
    /// <param name="entries">Location, offset and length as the model states them.</param>
    /// <param name="size">The bytes that the tensor's type and dimensions need.</param>
    /// <param name="where">The tensor, for messages.</param>
    /// <exception cref="MsSrException">MSSR1011, MSSR1012 or MSSR1013.</exception>
    public Func<ReadOnlyMemory<byte>> Open(IReadOnlyList<KeyValuePair<string, string>> entries, long size, string where)
    {
        var location = entries.LastOrDefault(e => e.Key == "location").Value;
        if (string.IsNullOrEmpty(location))
            throw OnnxErrors.BadTensor(where, "The tensor's data is said to be in another file, but no file is named.");
        var offset = Number(entries, "offset", where) ?? 0;
        var length = Number(entries, "length", where) ?? size;
        if (length != size)
            throw OnnxErrors.BadTensor(where, $"The tensor needs {size} bytes, but its external data is {length} bytes long.");
        if (size > Array.MaxLength)
            throw OnnxErrors.BadTensor(where, $"The tensor takes {size} bytes; tensors above 2 GB are not supported.");
        var (path, present) = Find(location, where);
        if (offset > present - size)
        {
            throw OnnxErrors.ExternalMissing(
                where,
                $"Data file '{location}' ends at byte {present}; the tensor's data should stand at {offset} to {offset + size}.");
        }

        return () => Load(path, offset, (int)size, where);
    }

    private (string Path, long Length) Find(string location, string where)
    {
        if (_files.TryGetValue(location, out var known))
            return known;
        var path = Resolve(location, where);
        if (FilePlace.WhatElse(path) is { } kind)
            throw OnnxErrors.ExternalMissing(where, $"The tensor's data file '{location}' is {kind}, not a file.");
        var file = new FileInfo(path);
        if (!file.Exists)
            throw OnnxErrors.ExternalMissing(where, $"The tensor's data file '{location}' doesn't exist.");
        return _files[location] = (path, file.Length);
    }

    private string Resolve(string location, string where)
    {
        if (_folder is null)
        {
            throw OnnxErrors.ExternalMissing(
                where, $"The tensor's data is in the file '{location}', but the model was not read from a folder.");
        }

        if (Path.IsPathRooted(location) || location.Contains('\0'))
            throw OnnxErrors.ExternalOutside(where, location);
        var path = Path.GetFullPath(Path.Combine(_folder, location));
        if (!IsInside(path, _folder))
            throw OnnxErrors.ExternalOutside(where, location);
        var real = FilePlace.Real(path);
        return _roots.Any(root => IsInside(real, root)) ? real : throw OnnxErrors.ExternalElsewhere(where, location, real);
    }

    private static bool IsInside(string path, string folder) => path.StartsWith(
        Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static long? Number(IReadOnlyList<KeyValuePair<string, string>> entries, string key, string where)
    {
        var text = entries.LastOrDefault(e => e.Key == key).Value;
        if (string.IsNullOrEmpty(text))
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw OnnxErrors.BadTensor(where, $"The {key} of the tensor's external data is '{text}', not a number of bytes.");
    }

    private static ReadOnlyMemory<byte> Load(string path, long offset, int size, string where)
    {
        try
        {
            using var file = File.OpenHandle(path);
            var bytes = new byte[size];
            for (var done = 0; done < size;)
            {
                var read = RandomAccess.Read(file, bytes.AsSpan(done), offset + done);
                if (read == 0)
                    throw new EndOfStreamException("The file has become shorter.");
                done += read;
            }

            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OnnxErrors.ExternalMissing(where, $"Data file '{path}' can't be read: {e.Message}", e);
        }
    }
}
