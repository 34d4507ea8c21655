using MsSrConvert.Imaging.Images;
using MsSrConvert.Runtime;

namespace MsSrConvert.Imaging.ImageModels;

/// <summary>Images as a network wants them.</summary>
public static class NetworkInput
{
    /// <summary>The input tensor of an image: the network's colours, range and layout.</summary>
    /// <param name="picture">1 channel (grey) or 3 (RGB), in grey levels 0..255.</param>
    /// <param name="contract">How the network wants its images.</param>
    public static Tensor Of(Planes picture, ImageContract contract) =>
        ImageTensors.FromPlanes(Channels(picture, contract), contract.InputLayout, contract.InputRange);

    /// <summary>
    /// The output tensor that would be right for an image: the network's colours, the output's range and layout.
    /// </summary>
    /// <param name="picture">1 channel (grey) or 3 (RGB), in grey levels 0..255.</param>
    /// <param name="contract">How the network gives its images.</param>
    public static Tensor Wanted(Planes picture, ImageContract contract) =>
        ImageTensors.FromPlanes(Channels(picture, contract), contract.OutputLayout, contract.OutputRange);

    /// <summary>The network's own channels of an output tensor, in grey levels.</summary>
    public static Planes Image(Tensor output, ImageContract contract) =>
        ImageTensors.ToPlanes(output, contract.OutputLayout, contract.OutputRange);

    /// <summary>
    /// What quality is measured on: the luma of a network that enlarges (of one that works on luma, its own), all channels of one
    /// that restores.
    /// </summary>
    /// <param name="image">The network's own channels, in grey levels.</param>
    /// <param name="contract">How the network gives its images.</param>
    /// <param name="asBytes">True to measure the 8-bit image that would be made of it.</param>
    public static Planes Measured(Planes image, ImageContract contract, bool asBytes)
    {
        var isColour = contract.Colour is InputColour.Rgb or InputColour.Bgr;
        var part = contract.Task == ImageTask.Restoration || isColour ? image : image.Channel(0);
        var seen = asBytes ? part.Quantize() : part;
        return isColour && contract.Task != ImageTask.Restoration
            ? ColourConversion.ToLuma(NetColours.ToRgb(seen, contract), LumaRange.Studio) : seen;
    }

    /// <summary>A part of a image's bicubic enlargement, the same as if all of it had been enlarged.</summary>
    public static Planes Enlarged(Planes small, int x, int y, int width, int height, int factor) =>
        PixelSource.Of(small).ReadEnlarged(x, y, width, height, factor);

    private static Planes Channels(Planes picture, ImageContract contract)
    {
        var colours = picture.Channels == 1 && contract.Channels == 3 ? Planes.Join(picture, picture, picture) : picture;
        return colours.Channels == 3 ? NetColours.FromRgb(colours, contract) : colours;
    }
}
