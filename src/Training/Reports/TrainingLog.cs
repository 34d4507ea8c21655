using System.Globalization;
using System.Text.Json;

namespace MsSrConvert.Training.Reports;

/// <summary>One line of a training's log.</summary>
/// <param name="Step">How many steps were done.</param>
/// <param name="Seconds">The time they took, checks included.</param>
/// <param name="Rate">The learning rate.</param>
/// <param name="Loss">The running mean of the loss; NaN before the first step.</param>
/// <param name="Psnr">Of the averaged weights on the validation images, in dB.</param>
public sealed record LogEntry(long Step, double Seconds, double Rate, double Loss, double Psnr);

/// <summary>Writes logs for programs that draw and compare.</summary>
public static class TrainingLog
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Comma-separated values with a heading.</summary>
    public static string ToCsv(IEnumerable<LogEntry> entries) => string.Concat(entries.Select(e => string.Create(Culture,
        $"{e.Step},{e.Seconds:0.0},{e.Rate:0.###e-0},{(double.IsNaN(e.Loss) ? "" : e.Loss.ToString("0.000000", Culture))},{e.Psnr:0.0000}\n")).Prepend("step,seconds,rate,loss,psnr\n"));

    /// <summary>A JSON object with what was trained how, and the same lines.</summary>
    public static byte[] ToJson(IReadOnlyDictionary<string, string> facts, IEnumerable<LogEntry> entries)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            WriteFacts(writer, facts);
            WriteEntries(writer, entries);
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Writes the lines as a list named "log"; a figure that isn't known is null.</summary>
    public static void WriteEntries(Utf8JsonWriter writer, IEnumerable<LogEntry> entries)
    {
        writer.WriteStartArray("log");
        foreach (var entry in entries)
        {
            writer.WriteStartObject();
            writer.WriteNumber("step", entry.Step);
            writer.WriteNumber("seconds", Math.Round(entry.Seconds, 1));
            writer.WriteNumber("rate", entry.Rate);
            Figure("loss", entry.Loss, 6);
            Figure("psnr", entry.Psnr, 4);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();

        void Figure(string name, double value, int decimals)
        {
            if (double.IsFinite(value))
                writer.WriteNumber(name, Math.Round(value, decimals));
            else
                writer.WriteNull(name);
        }
    }

    /// <summary>Writes what was trained how.</summary>
    public static void WriteFacts(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> facts)
    {
        foreach (var (key, value) in facts)
            writer.WriteString(key, value);
    }
}
