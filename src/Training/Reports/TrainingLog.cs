using System.Globalization;
using System.Text.Json;

namespace MsSrConvert.Training.Reports;

/// <summary>One line of a training's log.</summary>
/// <param name="Step">How many steps were done.</param>
/// <param name="Seconds">The time they took, checks included.</param>
/// <param name="Rate">The learning rate.</param>
/// <param name="Loss">The running mean of the loss; NaN before the first step.</param>
/// <param name="Psnr">Of the averaged weights on the validation pictures, in dB.</param>
public sealed record LogEntry(long Step, double Seconds, double Rate, double Loss, double Psnr);

/// <summary>Writes logs for programs that draw and compare.</summary>
internal static class TrainingLog
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Comma-separated values with a heading.</summary>
    public static string ToCsv(IEnumerable<LogEntry> entries) => string.Concat(entries.Select(e => string.Create(Culture,
        $"{e.Step},{e.Seconds:0.0},{e.Rate:0.###e-0},{(double.IsNaN(e.Loss) ? "" : e.Loss.ToString("0.000000", Culture))},{e.Psnr:0.000}\n")).Prepend("step,seconds,rate,loss,psnr\n"));

    /// <summary>A JSON object with what was trained how, and the same lines.</summary>
    public static byte[] ToJson(IReadOnlyDictionary<string, string> facts, IEnumerable<LogEntry> entries)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            WriteFacts(writer, facts);
            writer.WriteStartArray("log");
            foreach (var entry in entries)
            {
                writer.WriteStartObject();
                writer.WriteNumber("step", entry.Step);
                writer.WriteNumber("seconds", Math.Round(entry.Seconds, 1));
                writer.WriteNumber("rate", entry.Rate);
                if (!double.IsNaN(entry.Loss))
                    writer.WriteNumber("loss", Math.Round(entry.Loss, 6));
                writer.WriteNumber("psnr", Math.Round(entry.Psnr, 3));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Writes what was trained how.</summary>
    public static void WriteFacts(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> facts)
    {
        foreach (var (key, value) in facts)
            writer.WriteString(key, value);
    }
}
