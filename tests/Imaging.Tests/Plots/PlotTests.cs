using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.Evaluation;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Imaging.Plots;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Imaging.Tests.Plots;

public class PlotTests
{
    [Fact]
    public void Quality_against_cost_is_drawn()
    {
        using var folder = new TemporaryFolder();

        QualityPlot.Write(folder["plot.png"], "Set5, x2", [new("a", 40e9, 32.1), new("b", 10e9, 32.0)], ("bicubic", 28.4));
        QualityPlot.Write(folder["plot.svg"], "Set5, x2", [new("a", 40e9, 32.1)], null);

        Assert.Equal(["plot.png", "plot.svg"], folder.Names);
        var image = ImageReader.ReadAll(folder["plot.png"]);
        Assert.True(image[0].Distinct().Count() > 10);
        Assert.Contains("multiply-adds", File.ReadAllText(folder["plot.svg"]));
    }

    [Fact]
    public void Other_formats_are_refused()
    {
        var error = Assert.Throws<MsSrException>(() => QualityPlot.Write("plot.bmp", "", [], null));

        Assert.Equal("MSSR3402", error.Diagnostic.Id);
    }

    [Fact]
    public void A_sheet_has_a_row_per_image_and_a_column_per_result()
    {
        using var folder = new TemporaryFolder();
        var scene = TestScene.Draw(200, 150);
        var sheet = new CropSheet(limit: 2);
        for (var i = 0; i < 3; i++)
            sheet.Add(new EvalImage($"image {i}", scene, [("bicubic", scene.Map(v => v / 2)), ("model", scene)]));

        sheet.Write(folder["sheet.png"]);

        var written = ImageReader.ReadAll(folder["sheet.png"]);
        Assert.Equal((8 + 3 * 200, 8 + 2 * 220), (written.Width, written.Height));
    }

    [Fact]
    public void A_small_grey_image_fits_too()
    {
        using var folder = new TemporaryFolder();
        var sheet = new CropSheet();
        var small = TestScene.Draw(20, 10).Channel(0);
        sheet.Add(new EvalImage("small", small, [("bicubic", small)]));

        sheet.Write(folder["sheet.png"]);

        Assert.True(File.Exists(folder["sheet.png"]));
    }
}
