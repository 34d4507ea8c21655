using System.Text;
using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.Plots;
using MsSrConvert.Training.Reports;

namespace MsSrConvert.Training;

/// <summary>Where a training keeps its checkpoint, log and plot. One training at a time has it.</summary>
internal sealed class RunFolder : IDisposable
{
    private readonly FileStream _lock;

    /// <summary>Makes the folder, or takes on an earlier run's.</summary>
    /// <exception cref="MsSrException">Another training has it (MSSR3603); it holds a checkpoint that is neither to be taken up
    /// nor replaced (MSSR3604); it can't be written to (MSSR1603).</exception>
    public RunFolder(string path, bool resume, bool force)
    {
        Checkpoint = Path.Combine(path, "checkpoint");
        (Csv, Json, Plot) = (Path.Combine(path, "log.csv"), Path.Combine(path, "log.json"), Path.Combine(path, "curve.png"));
        if (File.Exists(Checkpoint) && !resume && !force)
        {
            throw new MsSrException(
                new Diagnostic("MSSR3604", Severity.Error, "an earlier training has left a checkpoint.", Checkpoint,
                "Go on from it with --resume, or begin anew with --force."));
        }

        try
        {
            Directory.CreateDirectory(path);
            _lock = new FileStream(Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1,
                FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw File.Exists(Path.Combine(path, "lock"))
                ? new MsSrException(
                    new Diagnostic("MSSR3603", Severity.Error, "another training is writing there.", path,
                        "Wait for it, or give another output."), e)
                : new MsSrException(
                    new Diagnostic("MSSR1605", Severity.Error,
                        $"the folder for checkpoint and log can't be written to: {e.Message}", path), e);
        }
    }

    /// <summary>The state to go on from.</summary>
    public string Checkpoint { get; }

    private string Csv { get; }

    private string Json { get; }

    private string Plot { get; }

    /// <summary>Writes what was measured so far.</summary>
    public void WriteCsv(IEnumerable<LogEntry> log) => Replace(Csv, Encoding.UTF8.GetBytes(TrainingLog.ToCsv(log)));

    /// <summary>Writes log and plot.</summary>
    /// <returns>Their paths.</returns>
    public IReadOnlyList<string> WriteReports(IReadOnlyDictionary<string, string> facts, IReadOnlyList<LogEntry> log)
    {
        WriteCsv(log);
        Replace(Json, TrainingLog.ToJson(facts, log));
        CurvePlot.Write(Plot, "steps", [.. log.Select(e => (double)e.Step)],
            new Curve("PSNR (dB)", [.. log.Select(e => e.Psnr)]), new Curve("loss", [.. log.Select(e => e.Loss)]));
        return [Csv, Json, Plot];
    }

    private static void Replace(string path, byte[] content)
    {
        try
        {
            AtomicFile.Write(path, content);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MsSrException(new Diagnostic("MSSR1606", Severity.Error, $"the log can't be written: {e.Message}", path),
                e);
        }
    }

    /// <summary>Lets others have it.</summary>
    public void Dispose() => _lock.Dispose();
}
