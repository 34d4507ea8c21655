using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Imaging.Upscaling;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Imaging.Tests.Upscaling;

public class UpscaleBatchTests
{
    private static string Image(TemporaryFolder folder, string name)
    {
        ImageWriter.WriteAll(folder[name], TestScene.Draw(24, 20));
        return folder[name];
    }

    [Fact]
    public void A_bad_image_is_reported_and_the_others_are_written()
    {
        using var folder = new TemporaryFolder();
        using var model = ImageModel.Open(OpenModels.Write(folder, "x2.onnx", 3, scale: 2));
        Image(folder, "in/a.png");
        File.WriteAllText(folder["in/b.png"], "no image");
        Image(folder, "in/sub/c.tif");
        var seen = new List<UpscaleProgress>();

        var tasks = UpscaleBatch.Plan([folder["in"]], folder["out"], overwrite: false);
        var summary = UpscaleBatch.Run(new Upscaler(model), tasks, progress: seen.Add);

        Assert.Equal([folder["out/a.png"], folder["out/sub/c.tif"]], summary.Images.Select(p => p.Task.Output));
        Assert.All(summary.Images, p => Assert.True(File.Exists(p.Task.Output)));
        var failure = Assert.Single(summary.Failures);
        Assert.Equal(("MSSR1201", folder["in/b.png"]), (failure.Id, failure.Where));
        Assert.Equal(1, seen[^1].Share, 6);
        Assert.Equal((2, 3), (seen[^1].Done, seen[^1].Total));
        Assert.NotNull(seen[^1].Remaining);
    }

    [Fact]
    public void One_image_may_be_given_a_file_name()
    {
        using var folder = new TemporaryFolder();
        var input = Image(folder, "a.png");

        Assert.Equal([new UpscaleTask(input, folder["b.webp"])], UpscaleBatch.Plan([input], folder["b.webp"], overwrite: false));
        Assert.Equal([new UpscaleTask(input, Path.Combine(folder["out"], "a.png"))],
            UpscaleBatch.Plan([input], folder["out"], false));
    }

    [Fact]
    public void Folders_without_images_and_missing_files_are_named()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["empty"]);

        var empty = Assert.Throws<MsSrException>(() => UpscaleBatch.Plan([folder["empty"]], folder["out"], false));
        var missing = Assert.Throws<MsSrException>(() => UpscaleBatch.Plan([folder["nowhere"]], folder["out"], false));

        Assert.Equal($"MSSR1204: {folder["empty"]}: The folder has no PNG, JPEG, WebP or TIFF images.", empty.Message);
        Assert.StartsWith($"MSSR1204: {folder["nowhere"]}: There is no such file or folder.", missing.Message);
    }

    [Fact]
    public void Nothing_is_overwritten_unless_asked_and_the_source_never()
    {
        using var folder = new TemporaryFolder();
        var (a, b) = (Image(folder, "a.png"), Image(folder, "b.png"));

        Assert.Contains("The file exists", Refusal(() => UpscaleBatch.Plan([a], b, overwrite: false)));
        Assert.Contains("replace a source", Refusal(() => UpscaleBatch.Plan([a], a, overwrite: true)));
        Assert.Single(UpscaleBatch.Plan([a], b, overwrite: true));
    }

    [Fact]
    public void Two_images_never_share_an_output()
    {
        using var folder = new TemporaryFolder();
        var (a, b) = (Image(folder, "one/a.png"), Image(folder, "two/a.png"));

        Assert.Contains("would both be written", Refusal(() => UpscaleBatch.Plan([a, b], folder["out"], false)));
        Assert.Contains("Name a folder", Refusal(() => UpscaleBatch.Plan([a, b], folder["out.png"], false)));
    }

    private static string Refusal(Action action)
    {
        var error = Assert.Throws<MsSrException>(action);
        Assert.Equal("MSSR3406", error.Diagnostic.Id);
        return error.Message;
    }
}
