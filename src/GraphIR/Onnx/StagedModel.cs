using System.Diagnostics;
using System.Text.RegularExpressions;
using Google.Protobuf;

namespace MsSrConvert.GraphIR.Onnx;

/// <summary>
/// A model that is written whole but doesn't have its name yet: it can be tried where it stands, and then takes its name or is
/// gone. Where its tensors take close to 2 GB they stand in a second file, which is named after what it holds: it never takes the
/// place of the one that an earlier model of the same name needs, so that a process may be killed at any time.
/// </summary>
public sealed partial class StagedModel : IDisposable
{
    private const int WriteBuffer = 1 << 16;
    private const int HashDigits = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TemporaryFile _lock;
    private readonly string _target;
    private readonly string? _data;

    private StagedModel(TemporaryFile holder, string target, Model model, bool apart)
    {
        (_lock, _target) = (holder, target);
        Directory.CreateDirectory(_lock.Companion);
        Path = System.IO.Path.Combine(_lock.Companion, System.IO.Path.GetFileName(target));
        _data = Write(model, Path, apart);
    }

    /// <summary>Where the model stands until it is committed; its data is beside it.</summary>
    public string Path { get; }

    /// <summary>Writes a model beside the file that it is to become.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="MsSrException">
    /// The file can't be written (MSSR1014), or external data of the source is gone (MSSR1012).
    /// </exception>
    public static StagedModel Write(Model model, string path) => Write(model, path, OnnxFile.LargestEmbedded);

    /// <summary>Writes a model; its tensors move to a data file above <paramref name="largestEmbedded"/> bytes.</summary>
    internal static StagedModel Write(Model model, string path, long largestEmbedded)
    {
        TemporaryFile? holder = null;
        try
        {
            AtomicFile.RequireReplaceable(path);
            var (target, bytes) = (FilePlace.Target(path), OnnxFile.TensorBytes(model));
            holder = new TemporaryFile(target, bytes);
            return new StagedModel(holder, target, model, bytes > largestEmbedded);
        }
        catch (Exception e)
        {
            holder?.Dispose();
            if (e is IOException or UnauthorizedAccessException or ArgumentException)
                throw OnnxErrors.Unwritable(path, e);
            throw;
        }
    }

    private static string? Write(Model model, string path, bool apart)
    {
        string? name = null;
        using var data = apart ? new ExternalDataWriter(path + ".data") : null;
        var wire = new ModelWriter(data).Write(model);
        if (data is not null)
        {
            name = data.Finish(hash => $"{System.IO.Path.GetFileName(path)}.{hash[..HashDigits]}.data");
            data.Dispose();
            File.Move(path + ".data", System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, name));
        }

        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        using (var coded = new CodedOutputStream(file, WriteBuffer, leaveOpen: true))
            wire.WriteTo(coded);
        // A crash mustn't leave the name on a file without its content.
        file.Flush(flushToDisk: true);
        return name;
    }

    /// <summary>Gives the model its name; an earlier one of that name is replaced, together with its data.</summary>
    /// <exception cref="MsSrException">It can't be done (MSSR1014).</exception>
    public void Commit()
    {
        var folder = System.IO.Path.GetDirectoryName(_target)!;
        try
        {
            using var turn = WaitForTurn();
            if (_data is not null)
                File.Move(System.IO.Path.Combine(_lock.Companion, _data), System.IO.Path.Combine(folder, _data), overwrite: true);
            File.Move(Path, _target, overwrite: true);
            RemoveOldData(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OnnxErrors.Unwritable(_target, e);
        }
    }

    // Two that write the same model take turns, so that neither removes the data that the other has just put in place.
    private FileStream WaitForTurn()
    {
        var path = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(_target)!,
            $".{System.IO.Path.GetFileName(_target)}.commit");
        for (var watch = Stopwatch.StartNew(); ;)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1,
                    FileOptions.DeleteOnClose);
            }
            catch (IOException e) when (e is not DirectoryNotFoundException && watch.Elapsed < Patience)
            {
                Thread.Sleep(5);
            }
        }
    }

    private void RemoveOldData(string folder)
    {
        var model = System.IO.Path.GetFileName(_target);
        foreach (var path in Directory.EnumerateFiles(folder, "*.data"))
        {
            var name = System.IO.Path.GetFileName(path);
            if (name != _data && name.StartsWith(model, StringComparison.Ordinal) && DataEnd().IsMatch(name[model.Length..]))
                File.Delete(path);
        }
    }

    [GeneratedRegex(@"^\.[0-9a-f]{16}\.data$")]
    private static partial Regex DataEnd();

    /// <summary>Removes what wasn't committed.</summary>
    public void Dispose() => _lock.Dispose();
}
