using MsSrConvert.GraphIR;
using MsSrConvert.Zoo.Networks;
using MsSrConvert.Zoo.Wild;

namespace MsSrConvert.Zoo;

/// <summary>All networks that can be made by name.</summary>
public static class ZooCatalog
{
    private static readonly Lazy<IReadOnlyList<ZooEntry>> All = new(() =>
    [
        .. SuperResolution(),
        .. Restoration(),
        .. WeightForms.Entries,
        .. Resizing.Entries,
        .. Enlarging.Entries,
        .. Activations.Entries,
        .. Convolutions.Entries,
        .. Attention.Entries,
        .. Exporters.Entries,
        .. TorchForms.Entries,
        .. Inputs.Entries,
    ]);

    /// <summary>
    /// Every entry: the networks of the literature, then the small ones that show one thing each (<c>wild-…</c>).
    /// </summary>
    public static IReadOnlyList<ZooEntry> Entries => All.Value;

    /// <summary>The entry of that name.</summary>
    /// <exception cref="MsSrException">There is none (MSSR3101).</exception>
    public static ZooEntry Find(string name) => Entries.FirstOrDefault(e => e.Name == name) ?? throw new MsSrException(
        new Diagnostic("MSSR3101", Severity.Error, $"The zoo has no network '{name}'.", null, Hint(name)));

    private static string Hint(string name)
    {
        var names = Entries.Select(e => e.Name).ToList();
        var near = names.FindAll(n => n.Contains(name, StringComparison.OrdinalIgnoreCase));
        var shown = near.Count > 0 ? near : names.FindAll(n => !n.StartsWith("wild-", StringComparison.Ordinal));
        return $"It has {string.Join(", ", shown)}.";
    }

    private static IEnumerable<ZooEntry> SuperResolution() =>
    [
        new("srresnet", "SRResNet as the method's patent has it: 17 blocks, no BatchNorm (after Ledig et al., SRGAN, 2017)",
            seed => SrResNet.Create(seed)) { Outputs = [new(4)] },
        new("srresnet-small", "The same with 4 blocks, small enough to be trained on a processor",
            seed => SrResNet.Create(seed, blocks: 4)) { Outputs = [new(4)] },
        new("srresnet-bn", "SRResNet as in its paper: 9x9 ends, PReLU, BatchNorm (Ledig et al., SRGAN, 2017)",
            seed => SrResNet.CreateWithBatchNorm(seed)) { Outputs = [new(4)] },
        new("srcnn", "SRCNN (Dong et al., 2014)", seed => SrCnn.Create(seed)),
        new("fsrcnn", "FSRCNN (Dong et al., 2016)", seed => FsrCnn.Create(seed)) { Outputs = [new(2)] },
        new("espcn", "ESPCN (Shi et al., 2016)", seed => EspCn.Create(seed)) { Outputs = [new(3)] },
        new("vdsr", "VDSR (Kim et al., 2016)", seed => Vdsr.Create(seed)),
        new("edsr", "EDSR (Lim et al., 2017)", seed => Edsr.Create(seed)) { Outputs = [new(2)] },
        new("srdensenet", "SRDenseNet (Tong et al., 2017)", seed => SrDenseNet.Create(seed)) { Outputs = [new(4)] },
        new("rdn", "Residual Dense Network (Zhang et al., 2018)", seed => Rdn.Create(seed)) { Outputs = [new(2)] },
        new("rcan", "RCAN (Zhang et al., 2018)", seed => Rcan.Create(seed)) { Outputs = [new(2)] },
        new("carn", "CARN (Ahn et al., 2018)", seed => Carn.Create(seed)) { Outputs = [new(2)] },
        new("carn-m", "CARN-M (Ahn et al., 2018)", seed => Carn.CreateMobile(seed)) { Outputs = [new(4)] },
        new("rrdbnet", "RRDBNet (Wang et al., ESRGAN, 2018)", seed => RrdbNet.Create(seed)) { Outputs = [new(4)] },
        new("imdn", "IMDN (Hui et al., 2019)", seed => Imdn.Create(seed)) { Outputs = [new(4)] },
        new("rfdn", "RFDN (Liu et al., 2020)", seed => Rfdn.Create(seed)) { Outputs = [new(4)], SmallestInput = 15 },
        new("srvgg", "SRVGGNetCompact (Wang et al., Real-ESRGAN, 2021)", seed => SrVgg.Create(seed)) { Outputs = [new(4)] },
        new("rlfn", "RLFN (Kong et al., 2022)", seed => Rlfn.Create(seed)) { Outputs = [new(4)], SmallestInput = 15 },
        new("fmen", "FMEN (Du et al., 2022)", seed => Fmen.Create(seed)) { Outputs = [new(4)] },
        new("waifu2x", "waifu2x upconv_7, VALID convolutions (nagadomi, 2015)",
            seed => Waifu2x.Create(seed)) { Outputs = [new(2, -28)], SmallestInput = 15 },
        new("waifu2x-se", "waifu2x upcunet: VALID convolutions, crops, squeeze-and-excitation (nagadomi, 2018)",
            seed => Waifu2x.CreateWithAttention(seed)) { Outputs = [new(2, -72)], SmallestInput = 38, SizeMultiple = 2 },
        new("lapsrn", "LapSRN, outputs at x2 and x4 (Lai et al., 2017)",
            seed => LapSrn.Create(seed)) { Outputs = [new(2), new(4)] },
    ];

    private static IEnumerable<ZooEntry> Restoration() =>
    [
        new("dncnn", "DnCNN (Zhang et al., 2017)", seed => DnCnn.Create(seed)),
        new("deblur", "Stride-2 encoder-decoder after DeblurGAN (Kupyn et al., 2018)",
            seed => Deblur.Create(seed)) { SizeMultiple = 4, SmallestInput = 4 },
        new("derain", "Progressive deraining network PRN, its weights used in every round (Ren et al., PReNet, 2019)",
            seed => Derain.Create(seed)),
        new("unet-pool-convtranspose", "U-Net with max pooling and ConvTranspose (Ronneberger et al., 2015)",
            seed => UNet.CreateWithConvTranspose(seed)) { SizeMultiple = 8 },
        new("unet-resize", "U-Net with stride-2 convolutions and Resize (after Ronneberger et al., 2015)",
            seed => UNet.CreateWithResize(seed)) { SizeMultiple = 8 },
        new("fpn", "Feature pyramid for restoration (Lin et al., FPN, 2017)", seed => Fpn.Create(seed)) { SizeMultiple = 8 },
        new("psp", "Pooling pyramid for restoration (Zhao et al., PSPNet, 2017)", seed => Psp.Create(seed)) { SmallestInput = 8 },
        new("msdnet", "Multi-scale dense grid (Huang et al., MSDNet, 2018)", seed => MsdNet.Create(seed)) { SizeMultiple = 4 },
        new("hrnet", "Parallel scales that exchange (Sun et al., HRNet, 2019)", seed => HrNet.Create(seed)) { SizeMultiple = 4 },
        new("multigrid", "Convolutions over a pyramid of grids (Ke et al., 2017)",
            seed => Multigrid.Create(seed)) { SizeMultiple = 4 },
        new("octconv", "Octave convolutions: two scales, split by hand (Chen et al., 2019)",
            seed => OctConv.Create(seed)) { SizeMultiple = 2 },
    ];
}
