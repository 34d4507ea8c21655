using ScottPlot;

namespace MsSrConvert.Imaging.Plots;

/// <summary>A quantity over the course of something.</summary>
/// <param name="Name">What, with its unit.</param>
/// <param name="Values">One for every place; places without a number are left out.</param>
public sealed record Curve(string Name, IReadOnlyList<double> Values);

/// <summary>Draws two quantities over the same course, each with an axis of its own.</summary>
public static class CurvePlot
{
    /// <summary>Writes an image (PNG or SVG, by the extension).</summary>
    /// <param name="path">The file; it appears when it is complete.</param>
    /// <param name="course">What runs from left to right.</param>
    /// <param name="places">Where the curves' values lie on it.</param>
    /// <param name="left">The quantity of the left axis.</param>
    /// <param name="right">The quantity of the right axis.</param>
    /// <exception cref="GraphIR.MsSrException">The file can't be written (MSSR1202).</exception>
    public static void Write(string path, string course, IReadOnlyList<double> places, Curve left, Curve right)
    {
        var plot = new Plot();
        plot.XLabel(course);
        Add(plot, places, left, plot.Axes.Left);
        Add(plot, places, right, plot.Axes.Right);
        plot.ShowLegend(Alignment.UpperCenter);
        plot.Axes.AutoScale();
        PlotFile.Write(path, plot);
    }

    private static void Add(Plot plot, IReadOnlyList<double> places, Curve curve, IYAxis axis)
    {
        var points = places.Zip(curve.Values).Where(p => double.IsFinite(p.Second)).ToArray();
        var line = plot.Add.Scatter(points.Select(p => p.First).ToArray(), points.Select(p => p.Second).ToArray());
        line.LegendText = curve.Name;
        line.Axes.YAxis = axis;
        axis.Label.Text = curve.Name;
    }
}
