using MsSrConvert.GraphIR;
using MsSrConvert.Runtime;

namespace MsSrConvert.Cli.Output;

/// <summary>Tells whether it is the source that doesn't run, before its conversion is blamed.</summary>
internal static class SourceCheck
{
    /// <summary>
    /// Why ONNX Runtime doesn't load or run the source, or gives values that aren't finite; null where it is content.
    /// </summary>
    /// <param name="source">The source's file.</param>
    /// <param name="shapes">Shapes to run at, by input name.</param>
    public static Diagnostic? WhyRefused(FileInfo source, IReadOnlyDictionary<string, Shape> shapes)
    {
        try
        {
            ModelCheck.RunFile(source.FullName, shapes);
            return null;
        }
        catch (MsSrException e)
        {
            return new Diagnostic("MSSR5009", Severity.Error, $"the source itself doesn't run: {e.Diagnostic.Message}",
                source.Name,
                "Repair the source first; --no-check converts it regardless.");
        }
    }
}
