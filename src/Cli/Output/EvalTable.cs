using System.Globalization;
using System.Text.Json;
using MsSrConvert.Imaging.Evaluation;
using MsSrConvert.Imaging.Plots;
using MsSrConvert.Passes.Costs;
using Spectre.Console;

namespace MsSrConvert.Cli.Output;

/// <summary>An evaluation's result, for people and for machines.</summary>
/// <param name="report">What was measured.</param>
/// <param name="paths">The models' files.</param>
/// <param name="costs">What they cost for a result of 1280×720.</param>
internal sealed class EvalTable(EvalReport report, IReadOnlyList<string> paths, IReadOnlyList<ModelCost> costs)
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>The row to beat.</summary>
    public QualityScore Baseline => report.Baseline.Mean;

    /// <summary>A heading: the scale and how many images.</summary>
    public string Title => string.Create(Culture,
        $"{(report.Scale == 1 ? "restoration" : $"×{report.Scale}")}, {report.Baseline.PerImage.Count} images");

    /// <summary>The models' places in a plot.</summary>
    public IReadOnlyList<QualityPoint> Points =>
        [
            .. report.Models
                .Select((m, i) => new QualityPoint(Path.GetFileNameWithoutExtension(m.Mean.Name), costs[i].Macs, m.Mean.Psnr))
        ];

    /// <summary>Prints means and, for few images, every image's PSNR.</summary>
    public void Print(IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("");
        var rgb = Baseline.PsnrRgb is not null;
        foreach (var column in new[] { "PSNR dB",
            "SSIM" }.Concat(rgb ? ["PSNR RGB", "SSIM RGB"] : []).Concat(["gain dB", "parameters", "multiply-adds"]))
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        table.AddRow([Baseline.Name, .. Figures(Baseline), "", "", ""]);
        for (var i = 0; i < report.Models.Count; i++)
        {
            var mean = report.Models[i].Mean;
            table.AddRow(
                [Markup.Escape(mean.Name), .. Figures(mean), (mean.Psnr - Baseline.Psnr).ToString("+0.00;-0.00", Culture),
                costs[i].Params.ToString("N0", Culture), costs[i].Macs.ToString("N0", Culture)]);
        }

        console.Write(table);
        console.WriteLine(
            $"{Title}; {(report.Scale == 1 ? "all channels" : "luma, a border as wide as the scale left out")}; multiply-adds for a result of 1280×720");
        PrintImages(console);
    }

    private void PrintImages(IAnsiConsole console)
    {
        const int most = 20;
        if (report.Baseline.PerImage.Count > most)
            return;
        var table = new Table().Border(TableBorder.Simple).AddColumn("PSNR dB");
        foreach (var column in report.Models.Select(m => m.Mean.Name).Prepend(Baseline.Name))
            table.AddColumn(new TableColumn(Markup.Escape(column)).RightAligned());
        for (var i = 0; i < report.Baseline.PerImage.Count; i++)
        {
            table.AddRow([Markup.Escape(report.Baseline.PerImage[i].Name),
                .. report.Models.Prepend(report.Baseline).Select(m => m.PerImage[i].Psnr.ToString("0.00", Culture))]);
        }

        console.Write(table);
    }

    /// <summary>Writes the result as JSON.</summary>
    public void Write(TextWriter output, string data) => JsonText.Write(output, writer =>
    {
        writer.WriteString("data", data);
        writer.WriteNumber("scale", report.Scale);
        writer.WriteStartObject(Baseline.Name);
        WriteScores(writer, report.Baseline);
        writer.WriteEndObject();
        writer.WriteList("models", report.Models.Select((m, i) => (m, i)), entry =>
        {
            writer.WriteString("path", paths[entry.i]);
            writer.WriteNumber("params", costs[entry.i].Params);
            writer.WriteNumber("macs", costs[entry.i].Macs);
            WriteScores(writer, entry.m);
        });
        writer.WriteStartArray("left_out");
        foreach (var name in report.LeftOut)
            writer.WriteStringValue(name);
        writer.WriteEndArray();
    });

    private static void WriteScores(Utf8JsonWriter writer, EvalScores scores)
    {
        WriteScore(writer, scores.Mean);
        writer.WriteList("per_image", scores.PerImage, image =>
        {
            writer.WriteString("name", image.Name);
            WriteScore(writer, image);
        });
    }

    private static void WriteScore(Utf8JsonWriter writer, QualityScore score)
    {
        writer.WriteFigure("psnr", score.Psnr, 4);
        writer.WriteFigure("ssim", score.Ssim, 5);
        if (score.PsnrRgb is null)
            return;
        writer.WriteFigure("psnr_rgb", score.PsnrRgb, 4);
        writer.WriteFigure("ssim_rgb", score.SsimRgb, 5);
    }

    private static IEnumerable<string> Figures(QualityScore score)
    {
        yield return score.Psnr.ToString("0.00", Culture);
        yield return score.Ssim.ToString("0.0000", Culture);
        if (score.PsnrRgb is not { } psnr || score.SsimRgb is not { } ssim)
            yield break;
        yield return psnr.ToString("0.00", Culture);
        yield return ssim.ToString("0.0000", Culture);
    }
}
