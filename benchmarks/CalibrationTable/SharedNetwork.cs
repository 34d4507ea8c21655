using MsSrConvert.Imaging.Evaluation;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Method;
using MsSrConvert.Passes.Plan;

namespace MsSrConvert.Benchmarks;

/// <summary>A conversion that is measured.</summary>
internal sealed record Variant(int Branches, Interaction Interaction, string FuseAt);

/// <summary>A trained network of the shared folder, and how it is measured.</summary>
/// <param name="Name">The file's name without extension.</param>
/// <param name="Scale">The enlargement; 1 for one that removes noise.</param>
/// <param name="Luma">The luma it was trained on.</param>
internal sealed record SharedNetwork(string Name, int Scale, LumaRange Luma = LumaRange.Studio)
{
    private const double NoiseSigma = 25;

    /// <summary>The trained networks, small ones first.</summary>
    public static IReadOnlyList<SharedNetwork> All { get; } =
    [
        new("cloudlab_FSRCNN-FSRCNN_tf-x2", 2, LumaRange.Full),
        new("NhatThanh_ESPCN-ESPCN_rgb-x2", 2, LumaRange.Full),
        new("NhatThanh_FSRCNN-FSRCNN_rgb-x2", 2, LumaRange.Full),
        new("NhatThanh_SRCNN-SRCNN955_rgb-x1", 2, LumaRange.Full),
        new("onnxmodels_super-resolution-10-ESPCN-x3", 3, LumaRange.Full),
        new("microsoft_onnxruntime-extensions-ESPCN-x3", 3, LumaRange.Full),
        new("twtygqyy_pytorch-vdsr-VDSR-x2x3x4", 2),
        new("cszn_KAIR-DnCNN25-x1", 1),
        new("joeylitalien_noise2noise-UNet-x1", 1),
        new("nihui_waifu2x-upconv7_photo-x2", 2),
        new("upscalerjs_esrgan-medium-RDN-x2", 2),
        new("NTIRE2022_ESR-03_FMEN-x4", 4),
        new("NTIRE2022_ESR-04_RLFN-x4", 4),
        new("nmhkahn_CARN-pytorch-CARN_M-x4", 4),
        new("leftthomas_SRGAN-SRResNetG-x4", 4),
        new("leftthomas_SRGAN-SRResNetG_BNkept-x4", 4),
        new("NTIRE2022_ESR--1_IMDN_baseline-x4", 4),
        new("njulj_RFDN-RFDN_AIM-x4", 4),
        new("xinntao_Real-ESRGAN-SRVGG_animevideov3-x4", 4),
        new("xinntao_ESRGAN-RealESRGAN_x4plus_anime_6B-x4", 4),
    ];

    /// <summary>How the network wants its images.</summary>
    public ContractOptions Contract => new() { Luma = Luma };

    /// <summary>The conversions that are measured.</summary>
    public IEnumerable<Variant> Variants(IReadOnlyList<int> branches) =>
        from place in new[] { ConversionOptions.LastConv, ConversionOptions.Upsampler }
        from interaction in Name.Contains("vdsr", StringComparison.Ordinal)
            ? new[] { Interaction.Adjacent, Interaction.Full } : [Interaction.Adjacent]
        from n in branches
        select new Variant(n, interaction, place);

    /// <summary>PSNR of the network's input (or bicubic) and of the network on a test set.</summary>
    public (double Baseline, double Model) Measure(string shared, string set, string path)
    {
        using var model = ImageModel.Open(path, Contract);
        var pairs = Path.Combine(shared, "images", "pairs", $"{set}_x{Scale}");
        var items = EvalData.Find(Directory.Exists(pairs) ? pairs : Path.Combine(shared, "images", set));
        var report = new Evaluator([model],
            new EvalOptions { Scale = Scale, Luma = Luma, NoiseSigma = Scale == 1 ? NoiseSigma : null }).Run(items);
        return (report.Baseline.Mean.Psnr, report.Models[0].Mean.Psnr);
    }

    /// <summary>The test sets: noise is removed from Set5 only.</summary>
    public IEnumerable<string> Sets => Scale == 1 ? ["Set5"] : ["Set5", "Set14"];
}
