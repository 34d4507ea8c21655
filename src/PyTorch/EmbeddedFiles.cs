namespace MsSrConvert.PyTorch;

/// <summary>The Python files and fragments that come with the assembly.</summary>
internal static class EmbeddedFiles
{
    /// <summary>A file's text, lines ended by a line feed.</summary>
    public static string Read(string name)
    {
        using var stream = typeof(EmbeddedFiles).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"There is no embedded file '{name}'.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
