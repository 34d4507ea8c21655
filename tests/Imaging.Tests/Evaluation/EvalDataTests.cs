using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.Evaluation;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Imaging.Tests.Evaluation;

public class EvalDataTests
{
    private static void Touch(TemporaryFolder folder, params string[] names)
    {
        foreach (var name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
            File.WriteAllBytes(folder[name], []);
        }
    }

    [Fact]
    public void Pairs_are_found_by_their_endings()
    {
        using var folder = new TemporaryFolder();
        Touch(folder, "b_HR.png", "b_LR.png", "a_HR.png", "a_LR.png", "notes.txt");

        Assert.Equal(
            [
                new EvalItem("a", folder["a_HR.png"], folder["a_LR.png"]),
                new EvalItem("b", folder["b_HR.png"], folder["b_LR.png"])
            ],
            EvalData.Find(folder.Path));
    }

    [Fact]
    public void Pairs_may_lie_in_two_folders()
    {
        using var folder = new TemporaryFolder();
        Touch(folder, "HR/a.png", "LR/a.png");

        Assert.Equal([new EvalItem("a", folder["HR/a.png"], folder["LR/a.png"])], EvalData.Find(folder.Path));
    }

    [Fact]
    public void Other_images_are_true_ones()
    {
        using var folder = new TemporaryFolder();
        Touch(folder, "a.png", "b.tif");

        Assert.Equal(
            [new EvalItem("a", folder["a.png"], null), new EvalItem("b", folder["b.tif"], null)], EvalData.Find(folder.Path));
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains("no PNG, JPEG, WebP or TIFF", Refusal(folder.Path));
        Assert.Contains("no such folder", Refusal(folder["nowhere"]));
        Touch(folder, "a_HR.png");
        Assert.Contains("There is no 'a_LR' beside it", Refusal(folder.Path));
        Touch(folder, "HR/a.png", "LR/b.png");
        Assert.Contains("LR/a.png", Refusal(folder.Path));
    }

    private static string Refusal(string path)
    {
        var error = Assert.Throws<MsSrException>(() => EvalData.Find(path));
        Assert.Equal("MSSR1204", error.Diagnostic.Id);
        return error.Message;
    }
}
