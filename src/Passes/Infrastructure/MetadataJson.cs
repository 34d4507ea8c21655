using System.Text;
using System.Text.Json;

namespace MsSrConvert.Passes.Infrastructure;

/// <summary>Writes what models record in their metadata.</summary>
public static class MetadataJson
{
    /// <summary>A JSON object as text.</summary>
    public static string Object(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
