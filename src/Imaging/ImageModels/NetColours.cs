using MsSrConvert.Imaging.Images;

namespace MsSrConvert.Imaging.ImageModels;

/// <summary>Between RGB and the channels a network was trained on, in grey levels.</summary>
internal static class NetColours
{
    /// <summary>The network's channels of an RGB image.</summary>
    public static Planes FromRgb(Planes rgb, ImageContract contract) => contract.Colour switch
    {
        InputColour.Rgb => rgb,
        InputColour.Bgr => Reverse(rgb),
        InputColour.YCbCr => ColourConversion.ToYCbCr(rgb, contract.Luma),
        _ => ColourConversion.ToLuma(rgb, contract.Luma),
    };

    /// <summary>RGB of three network channels; chroma must have been put behind a luma-only output.</summary>
    public static Planes ToRgb(Planes image, ImageContract contract) => contract.Colour switch
    {
        InputColour.Rgb => image,
        InputColour.Bgr => Reverse(image),
        _ => ColourConversion.ToRgb(image, contract.Luma),
    };

    private static Planes Reverse(Planes image) => Planes.Join(image.Channel(2), image.Channel(1), image.Channel(0));
}
