using MsSrConvert.Runtime.Images;

namespace MsSrConvert.Runtime.ImageModels;

/// <summary>Pictures as a network wants them.</summary>
public static class NetworkInput
{
    /// <summary>The input tensor of a picture: the network's colours, range and layout.</summary>
    /// <param name="picture">1 channel (grey) or 3 (RGB), in grey levels 0..255.</param>
    /// <param name="contract">How the network wants its images.</param>
    public static Tensor Of(Planes picture, ImageContract contract)
    {
        var colours = picture.Channels == 1 && contract.Channels == 3 ? Planes.Join(picture, picture, picture) : picture;
        var channels = colours.Channels == 3 ? NetColours.FromRgb(colours, contract) : colours;
        return ImageTensors.FromPlanes(channels, contract.InputLayout, contract.InputRange);
    }
}
