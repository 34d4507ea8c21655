using System.Diagnostics;
using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.Images;

namespace MsSrConvert.Imaging.Upscaling;

/// <summary>An image to read and the file to write.</summary>
/// <param name="Input">The image.</param>
/// <param name="Output">The file.</param>
public sealed record UpscaleTask(string Input, string Output);

/// <summary>How far a batch has come.</summary>
/// <param name="Current">The image in work.</param>
/// <param name="Done">Images finished, bad ones included.</param>
/// <param name="Total">Images in all.</param>
/// <param name="Share">The share of all pixels that is done, 0..1.</param>
/// <param name="PerSecond">Images per second so far.</param>
/// <param name="Remaining">The time the rest will take at that speed, or null where nothing is done yet.</param>
public sealed record UpscaleProgress(string Current, int Done, int Total, double Share, double PerSecond, TimeSpan? Remaining);

/// <summary>An image that was written.</summary>
/// <param name="Task">Which.</param>
/// <param name="Report">How it was computed.</param>
public sealed record UpscaledImage(UpscaleTask Task, UpscaleReport Report);

/// <summary>What came of a batch.</summary>
/// <param name="Images">The images written, in order.</param>
/// <param name="Failures">The images that couldn't be: one message each.</param>
/// <param name="Elapsed">The time it took.</param>
public sealed record UpscaleSummary(IReadOnlyList<UpscaledImage> Images, IReadOnlyList<Diagnostic> Failures, TimeSpan Elapsed);

/// <summary>Enlarges many images, going on after a bad one.</summary>
public static class UpscaleBatch
{
    /// <summary>Finds the images of a list of files and folders, and says where each result goes.</summary>
    /// <param name="inputs">Files, and folders whose images are taken with those of folders in them.</param>
    /// <param name="output">A file where there is one input file and the name has a image's extension; else a folder, in which
    /// images keep their names and their places below the input folders.</param>
    /// <param name="overwrite">True to replace existing files.</param>
    /// <exception cref="MsSrException">An input is missing or a folder has no images (MSSR1204); a result exists, two results
    /// have one name, several are to go into one file, or a result is a source (MSSR3406); the
    /// output is no file (MSSR3010).</exception>
    public static IReadOnlyList<UpscaleTask> Plan(IReadOnlyList<string> inputs, string output, bool overwrite)
    {
        FilePlace.RequireFile(output);
        var toFile = !Directory.Exists(output) && ImageFormat.OfExtension(output) is not null;
        if (toFile && (inputs.Count > 1 || Directory.Exists(inputs[0])))
            throw Refused(output, "Several images can't be written to one file.", "Name a folder.");
        var tasks = inputs
            .SelectMany(
                i => Find(i).Select(f => new UpscaleTask(f.Path, toFile ? output : Path.Combine(output, Renamed(f.Name)))))
            .ToList();
        if (tasks.GroupBy(t => Path.GetFullPath(t.Output)).FirstOrDefault(g => g.Count() > 1) is { } clash)
        {
            throw Refused(clash.First().Output,
                $"{string.Join(" and ", clash.Select(t => $"'{t.Input}'"))} would both be written to it.",
                "Enlarge them into different folders.");
        }

        var sources = tasks.Select(t => FilePlace.Real(t.Input)).ToHashSet();
        foreach (var task in tasks)
        {
            FilePlace.RequireFile(task.Output);
            if (sources.Contains(FilePlace.Real(task.Output)))
                throw Refused(task.Output, "The result would replace a source.", "Choose another output.");
            if (!overwrite && File.Exists(task.Output))
                throw Refused(task.Output, "The file exists.", "Use --force to replace it.");
        }

        return tasks;
    }

    /// <summary>Enlarges the images one after the other.</summary>
    /// <param name="upscaler">The network.</param>
    /// <param name="tasks">The images.</param>
    /// <param name="quality">JPEG and WebP quality, 1..100.</param>
    /// <param name="progress">Told after every tile.</param>
    /// <param name="cancel">Stops between tiles.</param>
    /// <param name="reading">How the images are opened.</param>
    /// <exception cref="MsSrException">An option doesn't fit the model (MSSR3xxx).</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the image in work is not there.</exception>
    public static UpscaleSummary Run(
        Upscaler upscaler, IReadOnlyList<UpscaleTask> tasks, int quality = 95, Action<UpscaleProgress>? progress = null,
        CancellationToken cancel = default, ImageReading? reading = null)
    {
        var watch = Stopwatch.StartNew();
        var sizes = tasks.Select(t => SizeOf(t.Input, reading)).ToArray();
        var (all, before) = (Math.Max(1, sizes.Sum()), 0L);
        var images = new List<UpscaledImage>();
        var failures = new List<Diagnostic>();
        for (var i = 0; i < tasks.Count; i++)
        {
            var (task, size) = (tasks[i], sizes[i]);
            try
            {
                Tell(task, 0);
                images.Add(new UpscaledImage(
                    task, upscaler.Apply(ImageFrames.Of(task.Input, reading), task.Output, quality,
                         share => Tell(task, share), cancel)));
            }
            catch (MsSrException e) when (!IsMistakenOption(e.Diagnostic))
            {
                failures.Add(e.Diagnostic.Where is null ? e.Diagnostic with { Where = task.Input } : e.Diagnostic);
            }

            before += size;

            void Tell(UpscaleTask current, double share)
            {
                var (done, elapsed) = ((before + share * size) / all, watch.Elapsed);
                TimeSpan? remaining = done > 0 ? elapsed / done - elapsed : null;
                progress?.Invoke(
                    new UpscaleProgress(current.Input, i, tasks.Count, done, i / Math.Max(elapsed.TotalSeconds, 1e-3),
                        remaining));
            }
        }

        return new UpscaleSummary(images, failures, watch.Elapsed);
    }

    private static IEnumerable<(string Path, string Name)> Find(string input)
    {
        if (File.Exists(input))
            return [(input, Path.GetFileName(input))];
        if (!Directory.Exists(input))
        {
            throw new MsSrException(
                new Diagnostic("MSSR1204", Severity.Error, "There is no such file or folder.", input,
                    "Check the path's spelling."));
        }

        var files = Directory.EnumerateFiles(input, "*", SearchOption.AllDirectories)
            .Where(f => ImageFormat.OfExtension(f) is not null).Order(StringComparer.Ordinal).ToArray();
        return files.Length > 0 ? files.Select(f => (f, Path.GetRelativePath(input, f))) : throw new MsSrException(new Diagnostic(
            "MSSR1204", Severity.Error, "The folder has no PNG, JPEG, WebP or TIFF images.", input));
    }

    // What is wrong for one image then is wrong for all.
    private static bool IsMistakenOption(Diagnostic diagnostic) => diagnostic.Id.StartsWith("MSSR3", StringComparison.Ordinal);

    // An image under a name that stands for no format is written as PNG.
    private static string Renamed(string name) => ImageFormat.OfExtension(name) is null ? name + ".png" : name;

    // Only the header is read; a bad image counts nothing and is reported in its turn.
    private static long SizeOf(string path, ImageReading? reading)
    {
        try
        {
            var frames = ImageFrames.Of(path, reading);
            return (long)frames.Width * frames.Height * frames.Count;
        }
        catch (MsSrException)
        {
            return 0;
        }
    }

    private static MsSrException Refused(string path, string why, string hint) =>
        new(new Diagnostic("MSSR3406", Severity.Error, why, path, hint));
}
