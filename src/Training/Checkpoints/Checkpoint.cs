using System.Text;
using System.Text.Json;
using MsSrConvert.GraphIR;
using MsSrConvert.Training.Reports;

namespace MsSrConvert.Training.Checkpoints;

/// <summary>Everything a training needs to go on as if it had never stopped.</summary>
/// <param name="Recipe">What the weights depend on: model, data, options. A run is only taken up again with the same.</param>
/// <param name="Step">How many steps were done.</param>
/// <param name="Seconds">The time they took.</param>
/// <param name="Loss">The running mean of the loss.</param>
/// <param name="LeastLoss">The least that mean has been.</param>
/// <param name="BestStep">The step after which the best weights were found.</param>
/// <param name="BestPsnr">Their PSNR.</param>
/// <param name="Log">What was measured so far.</param>
internal sealed record Checkpoint(
    string Recipe, long Step, double Seconds, double Loss, double LeastLoss, long BestStep, double BestPsnr,
    IReadOnlyList<LogEntry> Log)
{
    private const string Mark = "MSSRTRAIN1";
    private static readonly JsonSerializerOptions Numbers =
        new() { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>The trained weights.</summary>
    public required float[] Weights { get; init; }

    /// <summary>The averaged weights.</summary>
    public required float[] Average { get; init; }

    /// <summary>The best averaged weights so far.</summary>
    public required float[] Best { get; init; }

    /// <summary>Adam's running mean of the gradients.</summary>
    public required float[] FirstMoment { get; init; }

    /// <summary>Adam's running mean of the squared gradients.</summary>
    public required float[] SecondMoment { get; init; }

    /// <summary>Writes the file; an earlier one stays until this one is complete.</summary>
    /// <exception cref="MsSrException">It can't be written (MSSR1603).</exception>
    public void Write(string path)
    {
        try
        {
            using var file = new AtomicFile(path);
            using (var writer = new BinaryWriter(file.Stream, Encoding.UTF8, leaveOpen: true))
            {
                writer.Write(Mark);
                writer.Write(JsonSerializer.Serialize(Facts(), Numbers));
                foreach (var vector in new[] { Weights, Average, Best, FirstMoment, SecondMoment })
                    writer.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(vector.AsSpan()));
            }

            file.Commit();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MsSrException(
                new Diagnostic("MSSR1603", Severity.Error, $"the checkpoint can't be written: {e.Message}", path), e);
        }
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="MsSrException">There is none, or it is no checkpoint (MSSR1604).</exception>
    public static Checkpoint Read(string path)
    {
        try
        {
            using var reader = new BinaryReader(File.OpenRead(path), Encoding.UTF8);
            if (reader.ReadString() != Mark || JsonSerializer.Deserialize<Header>(reader.ReadString(), Numbers) is not { } header)
                throw new InvalidDataException("it is no checkpoint of this version");
            header.Require(reader.BaseStream.Length - reader.BaseStream.Position);
            return new Checkpoint(header.Recipe, header.Step, header.Seconds, header.Loss, header.LeastLoss, header.BestStep,
                header.BestPsnr, header.Log)
            {
                Weights = Floats(),
                Average = Floats(),
                Best = Floats(),
                FirstMoment = Floats(),
                SecondMoment = Floats(),
            };

            float[] Floats()
            {
                var vector = new float[header.Count];
                reader.BaseStream.ReadExactly(System.Runtime.InteropServices.MemoryMarshal.AsBytes(vector.AsSpan()));
                return vector;
            }
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or InvalidDataException or JsonException or FormatException)
        {
            throw Unusable(path, e.Message, e);
        }
    }

    /// <summary>Refuses a checkpoint of another number of weights.</summary>
    /// <exception cref="MsSrException">It has another number (MSSR1604).</exception>
    public void RequireCount(long count, string path)
    {
        if (Weights.Length != count)
            throw Unusable(path, $"the file is damaged: it is of {Weights.Length} weights, where the network has {count}");
    }

    private static MsSrException Unusable(string path, string why, Exception? cause = null) =>
        new(new Diagnostic("MSSR1604", Severity.Error, $"there is no checkpoint to go on from: {why.TrimEnd('.')}.", path,
            "Begin anew with --force instead of --resume."), cause);

    private Header Facts() => new(Recipe, Step, Seconds, Loss, LeastLoss, BestStep, BestPsnr, Weights.Length, Log);

    private sealed record Header(
        string Recipe, long Step, double Seconds, double Loss, double LeastLoss, long BestStep, double BestPsnr, int Count,
        IReadOnlyList<LogEntry> Log)
    {
        private const int Vectors = 5;

        /// <summary>Refuses numbers that no training has written, before they are relied on.</summary>
        /// <param name="rest">Bytes behind the header.</param>
        /// <exception cref="InvalidDataException">They contradict themselves.</exception>
        public void Require(long rest)
        {
            var wrong = Recipe is null || Log is null || Log.Count == 0 || Log.Contains(null!) ? "entries are missing"
                : Step < 0 || BestStep < 0 || BestStep > Step ? $"it is of step {Step}, with the best at {BestStep}"
                : !(Seconds >= 0 && double.IsFinite(Seconds)) ? $"it took {Seconds} seconds"
                : Count < 0 || rest != (long)Vectors * sizeof(float) * Count ? $"it is of {Count} weights and has {rest} bytes of them"
                : null;
            if (wrong is not null)
                throw new InvalidDataException($"the file is damaged: {wrong}");
        }
    }
}
