using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.Evaluation;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Imaging.Tests.Evaluation;

public class EvaluatorTests
{
    // The figures of the models' own documentation; those trained on full-range luma are also measured on it.
    [SharedTheory]
    [InlineData("ESPCN_rgb", true, "Set5_x2", 34.83)]
    [InlineData("FSRCNN_rgb", true, "Set5_x2", 34.16)]
    [InlineData("SRCNN955", true, "Set5_x2", 32.52)]
    [InlineData("FSRCNN_tf", true, "Set5_x2", 33.54)]
    [InlineData("super-resolution-10", true, "Set5_x3", 29.3)]
    public void A_trained_model_has_its_documented_psnr(string name, bool fullRange, string data, double psnr) =>
        AssertPsnr(name, fullRange, data, psnr);

    [SlowTheory]
    [InlineData("onnxruntime-extensions", true, "Set5_x3", 29.3)]
    [InlineData("IMDN_baseline", false, "Set5_x4", 32.24)]
    [InlineData("03_FMEN", false, "Set5_x4", 32.02)]
    [InlineData("04_RLFN", false, "Set5_x4", 32.09)]
    [InlineData("RFDN_AIM", false, "Set5_x4", 32.15)]
    [InlineData("SRResNetG-x4", false, "Set5_x4", 30.65)]
    [InlineData("BNkept", false, "Set5_x4", 30.65)]
    [InlineData("CARN_M", false, "Set5_x4", 31.88)]
    [InlineData("waifu2x", false, "Set5_x2", 37.2)]
    [InlineData("vdsr", false, "Set5_x2", 37.56)]
    [InlineData("animevideov3", false, "Set5_x4", 28.23)]
    public void A_larger_trained_model_has_its_documented_psnr(string name, bool fullRange, string data, double psnr) =>
        AssertPsnr(name, fullRange, data, psnr);

    private static void AssertPsnr(string name, bool fullRange, string data, double psnr)
    {
        var model = fullRange ? OpenModels.SharedFullRange(name) : OpenModels.Shared(name);
        var options = new EvalOptions { Luma = fullRange ? LumaRange.Full : LumaRange.Studio };

        var report = new Evaluator([model], options).Run(EvalData.Find(TestFiles.Images("pairs/" + data)));

        Assert.Equal(psnr, report.Models[0].Mean.Psnr, 0.05);
        Assert.Equal(5, report.Models[0].PerImage.Count);
    }

    // Bicubic's row as the literature prints it.
    [SharedTheory]
    [InlineData("Set5_x2", 2, 33.66, 0.9299)]
    [InlineData("Set5_x3", 3, 30.39, 0.8682)]
    [InlineData("Set5_x4", 4, 28.42, 0.8104)]
    public void Bicubic_has_its_published_figures(string data, int scale, double psnr, double ssim) =>
        AssertBicubic(data, scale, psnr, ssim);

    [SlowTheory]
    [InlineData("Set14_x2", 2, 30.24, 0.8688)]
    [InlineData("Set14_x4", 4, 26.00, 0.7027)]
    public void Bicubic_has_its_published_figures_on_the_larger_set(string data, int scale, double psnr, double ssim) =>
        AssertBicubic(data, scale, psnr, ssim);

    private static void AssertBicubic(string data, int scale, double psnr, double ssim)
    {
        using var folder = new TemporaryFolder();
        using var model = ImageModel.Open(OpenModels.Write(folder, "x.onnx", 3, scale));

        var report = new Evaluator([model]).Run(EvalData.Find(TestFiles.Images("pairs/" + data)));

        Assert.Equal("bicubic", report.Baseline.Mean.Name);
        Assert.Equal(psnr, report.Baseline.Mean.Psnr, 0.02);
        Assert.Equal(ssim, report.Baseline.Mean.Ssim, 0.001);
    }

    [SharedFact]
    public void True_images_alone_give_what_the_pairs_give()
    {
        using var folder = new TemporaryFolder();
        using var model = ImageModel.Open(OpenModels.Write(folder, "x.onnx", 3, scale: 2));
        var evaluator = new Evaluator([model], new EvalOptions { Rgb = true });

        var pairs = evaluator.Run(EvalData.Find(TestFiles.Images("pairs/Set5_x2")));
        var alone = evaluator.Run(EvalData.Find(TestFiles.Images("Set5")));

        Assert.Equal(pairs.Baseline.PerImage.Select(s => s.Psnr), alone.Baseline.PerImage.Select(s => s.Psnr));
        Assert.Equal(pairs.Models[0].Mean with { }, alone.Models[0].Mean);
        Assert.True(pairs.Models[0].Mean.PsnrRgb < pairs.Models[0].Mean.Psnr);
    }

    [Fact]
    public void A_perfect_network_is_infinitely_good_and_a_plot_is_given_everything()
    {
        using var folder = new TemporaryFolder();
        using var model = ImageModel.Open(OpenModels.Write(folder, "x.onnx", 3),
            new ContractOptions { Task = ImageTask.Restoration });
        ImageWriter.WriteAll(folder["a_HR.png"], TestScene.Draw(40, 30));
        ImageWriter.WriteAll(folder["a_LR.png"], TestScene.Draw(40, 30));
        var seen = new List<EvalImage>();

        var report = new Evaluator([model]).Run(EvalData.Find(folder.Path), seen.Add);

        Assert.Equal((1, "input", double.PositiveInfinity),
            (report.Scale, report.Baseline.Mean.Name, report.Models[0].Mean.Psnr));
        Assert.Equal(1, report.Models[0].Mean.Ssim, 6);
        Assert.Equal(["input", "x.onnx"], Assert.Single(seen).Results.Select(r => r.Name));
    }

    [Fact]
    public void Noise_is_the_same_for_the_same_seed_and_as_strong_as_asked()
    {
        using var folder = new TemporaryFolder();
        using var model = ImageModel.Open(OpenModels.Write(folder, "x.onnx", 3),
            new ContractOptions { Task = ImageTask.Restoration });
        ImageWriter.WriteAll(folder["a.png"], new Planes(3, 100, 100).Map(_ => 128));
        var items = EvalData.Find(folder.Path);

        double Noisy(ulong seed) =>
            new Evaluator([model], new EvalOptions { NoiseSigma = 10, Seed = seed }).Run(items).Baseline.Mean.Psnr;

        Assert.Equal(20 * Math.Log10(255.0 / 10), Noisy(1), 0.2);
        Assert.Equal(Noisy(1), Noisy(1));
        Assert.NotEqual(Noisy(1), Noisy(2));
    }

    [Fact]
    public void Restoration_of_true_images_needs_a_noise_level()
    {
        using var folder = new TemporaryFolder();
        using var model = ImageModel.Open(OpenModels.Write(folder, "x.onnx", 3),
            new ContractOptions { Task = ImageTask.Restoration });
        ImageWriter.WriteAll(folder["a.png"], TestScene.Draw(40, 30));

        var error = Assert.Throws<MsSrException>(() => new Evaluator([model]).Run(EvalData.Find(folder.Path)));

        Assert.Equal("MSSR3407", error.Diagnostic.Id);
        Assert.Contains("Give a noise level", error.Message);
    }

    [Fact]
    public void Models_of_different_scales_are_not_compared()
    {
        using var folder = new TemporaryFolder();
        using var two = ImageModel.Open(OpenModels.Write(folder, "two.onnx", 3, scale: 2));
        using var three = ImageModel.Open(OpenModels.Write(folder, "three.onnx", 3, scale: 3));
        ImageWriter.WriteAll(folder["a.png"], TestScene.Draw(40, 30));

        var error = Assert.Throws<MsSrException>(() => new Evaluator([two, three]).Run(EvalData.Find(folder.Path)));

        Assert.Contains("different factors (2, 3)", error.Message);
    }

    [Fact]
    public void A_model_that_does_not_fit_the_pairs_is_named()
    {
        using var folder = new TemporaryFolder();
        using var model = ImageModel.Open(OpenModels.Write(folder, "three.onnx", 3, scale: 3));
        ImageWriter.WriteAll(folder["a_HR.png"], TestScene.Draw(40, 30));
        ImageWriter.WriteAll(folder["a_LR.png"], TestScene.Draw(20, 15));

        var error = Assert.Throws<MsSrException>(() => new Evaluator([model]).Run(EvalData.Find(folder.Path)));

        Assert.Equal(("MSSR3404", "three.onnx"), (error.Diagnostic.Id, error.Diagnostic.Where));
    }

    [Fact]
    public void A_pair_that_does_not_fit_is_named_with_its_sizes()
    {
        using var folder = new TemporaryFolder();
        using var model = ImageModel.Open(OpenModels.Write(folder, "two.onnx", 3, scale: 2));
        ImageWriter.WriteAll(folder["a_HR.png"], TestScene.Draw(40, 30));
        ImageWriter.WriteAll(folder["a_LR.png"], TestScene.Draw(20, 14));

        var error = Assert.Throws<MsSrException>(() => new Evaluator([model]).Run(EvalData.Find(folder.Path)));

        Assert.Equal(("MSSR1206", folder["a_HR.png"]), (error.Diagnostic.Id, error.Diagnostic.Where));
        Assert.Contains("2 times its partner's 3 of 14x20", error.Message);
    }

    // The low image is flat, so is what any network makes of it; the true image differs at one pixel. As many pixels as the scale
    // are left out on every side, and the rest is what the error is shared by.
    [Theory]
    [InlineData(2, 1, false)]
    [InlineData(2, 2, true)]
    [InlineData(3, 2, false)]
    [InlineData(3, 3, true)]
    public void A_border_as_wide_as_the_scale_is_left_out(int scale, int fromRim, bool isSeen)
    {
        using var folder = new TemporaryFolder();
        using var model = ImageModel.Open(OpenModels.Write(folder, "x.onnx", 3, scale));
        var (width, height) = (14 * scale, 12 * scale);
        ImageWriter.WriteAll(folder["a_LR.png"], new Planes(3, 12, 14).Map(_ => 100));
        (int X, int Y)[] rims =
        [
            (fromRim, height / 2), (width - 1 - fromRim, height / 2), (width / 2, fromRim), (width / 2, height - 1 - fromRim),
        ];
        foreach (var (x, y) in rims)
        {
            var truth = new Planes(3, height, width).Map(_ => 100);
            for (var c = 0; c < 3; c++)
                truth[c][y * width + x] = 120;
            ImageWriter.WriteAll(folder["a_HR.png"], truth);

            var score = new Evaluator([model], new EvalOptions { Rgb = true }).Run(EvalData.Find(folder.Path)).Baseline.Mean;

            var pixels = (width - 2 * scale) * (height - 2 * scale);
            var expected = isSeen ? 10 * Math.Log10(255.0 * 255 / (20.0 * 20) * pixels) : double.PositiveInfinity;
            Assert.Equal(expected, score.PsnrRgb!.Value, 1e-6);
            Assert.Equal(isSeen, double.IsFinite(score.Psnr));
        }
    }
}
