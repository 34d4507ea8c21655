using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MsSrConvert.Cli.Output;

/// <summary>Machine-readable results.</summary>
internal static class JsonText
{
    // The text goes to a file or a parser, never into a web page: quotes and accents stay readable.
    private static readonly JsonWriterOptions Readable = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    /// <summary>Writes one JSON object and a line end.</summary>
    public static void Write(TextWriter output, Action<Utf8JsonWriter> content)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Readable))
        {
            writer.WriteStartObject();
            content(writer);
            writer.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    /// <summary>Writes a list of objects.</summary>
    public static void WriteList<T>(this Utf8JsonWriter writer, string name, IEnumerable<T> items, Action<T> content)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            writer.WriteStartObject();
            content(item);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes a figure rounded to some decimals; null where there is none or JSON has no number for it.</summary>
    public static void WriteFigure(this Utf8JsonWriter writer, string name, double? value, int decimals)
    {
        if (value is { } figure && double.IsFinite(figure))
            writer.WriteNumber(name, Math.Round(figure, decimals));
        else
            writer.WriteNull(name);
    }
}
