using MsSrConvert.GraphIR;
using ScottPlot;

namespace MsSrConvert.Imaging.Plots;

/// <summary>A model's place in a plot.</summary>
/// <param name="Name">Its label.</param>
/// <param name="Macs">Multiply-adds.</param>
/// <param name="Psnr">PSNR in dB.</param>
public sealed record QualityPoint(string Name, double Macs, double Psnr);

/// <summary>Draws quality against cost. The plotting library is loaded at the first use, not before.</summary>
public static class QualityPlot
{
    private const double Giga = 1e9;

    /// <summary>Writes an image (PNG or SVG, by the extension) of PSNR against multiply-adds.</summary>
    /// <param name="path">The file; it appears when it is complete.</param>
    /// <param name="title">The heading.</param>
    /// <param name="points">The models.</param>
    /// <param name="baseline">The label and PSNR of a level line, e.g. bicubic's; null for none.</param>
    /// <exception cref="MsSrException">The extension is neither (MSSR3402), or the file can't be written (MSSR1202).</exception>
    public static void Write(string path, string title, IReadOnlyList<QualityPoint> points, (string Name, double Psnr)? baseline)
    {
        CheckName(path);
        PlotFile.Write(path, Draw(title, points, baseline));
    }

    /// <summary>The extension of a plot's file, in lower case.</summary>
    /// <exception cref="MsSrException">It is neither .png nor .svg (MSSR3402).</exception>
    public static string CheckName(string path)
    {
        var extension = Path.GetExtension(path).ToLowerInvariant();
        return extension is ".png" or ".svg" ? extension : throw new MsSrException(new Diagnostic(
            "MSSR3402", Severity.Error, $"Plots can't be written as '{extension}'.", path, "Use .png or .svg."));
    }

    private static Plot Draw(string title, IReadOnlyList<QualityPoint> points, (string Name, double Psnr)? baseline)
    {
        var plot = new Plot();
        plot.Title(title);
        plot.XLabel("multiply-adds (billions)");
        plot.YLabel("PSNR (dB)");
        var most = points.Select(p => p.Macs).DefaultIfEmpty().Max();
        foreach (var point in points)
        {
            var (x, y) = (point.Macs / Giga, point.Psnr);
            plot.Add.Marker(x, y, MarkerShape.FilledCircle, 10);
            var label = plot.Add.Text(point.Name, x, y);
            // In the right half the label stands to the left, where there is room for it.
            var left = point.Macs > most / 2;
            label.Alignment = left ? Alignment.LowerRight : Alignment.LowerLeft;
            label.OffsetX = left ? -8 : 8;
        }

        if (baseline is { } line)
        {
            var level = plot.Add.HorizontalLine(line.Psnr);
            level.LinePattern = LinePattern.Dashed;
            plot.Add.Text(line.Name, 0, line.Psnr).OffsetX = 8;
        }

        // Room for the labels to the right of and above the outermost points.
        plot.Axes.Margins(0.25, 0.2);
        plot.Axes.AutoScale();
        if (points.Count > 0)
            plot.Axes.SetLimitsX(0, Math.Max(1e-9, most / Giga * 1.1));
        return plot;
    }
}
