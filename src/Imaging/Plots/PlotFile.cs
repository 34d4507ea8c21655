using MsSrConvert.GraphIR;
using ScottPlot;

namespace MsSrConvert.Imaging.Plots;

/// <summary>Writes plots.</summary>
internal static class PlotFile
{
    private const int Width = 900;
    private const int Height = 600;

    /// <summary>Writes an image (PNG or SVG, by the extension); it appears when it is complete.</summary>
    /// <exception cref="MsSrException">The file can't be written (MSSR1202).</exception>
    public static void Write(string path, Plot plot)
    {
        var bytes = Path.GetExtension(path).Equals(".svg", StringComparison.OrdinalIgnoreCase)
            ? System.Text.Encoding.UTF8.GetBytes(plot.GetSvgXml(Width, Height))
            : plot.GetImageBytes(Width, Height, ImageFormat.Png);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            AtomicFile.Write(path, bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MsSrException(new Diagnostic("MSSR1202", Severity.Error, $"The plot can't be written: {e.Message}", path),
                e);
        }
    }
}
