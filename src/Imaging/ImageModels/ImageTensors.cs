using MsSrConvert.Imaging.Images;
using MsSrConvert.Runtime;

namespace MsSrConvert.Imaging.ImageModels;

/// <summary>Between images in grey levels and tensors as networks want them.</summary>
internal static class ImageTensors
{
    /// <summary>A tensor of one image.</summary>
    public static Tensor FromPlanes(Planes image, PixelLayout layout, ValueRange range)
    {
        var (channels, pixels) = (image.Channels, image.Width * image.Height);
        var (scale, offset) = FromLevels(range);
        var data = new float[(long)channels * pixels];
        for (var c = 0; c < channels; c++)
        {
            var (at, step) = layout == PixelLayout.Nchw ? (c * pixels, 1) : (c, channels);
            for (var i = 0; i < pixels; i++, at += step)
                data[at] = image[c][i] * scale + offset;
        }

        return layout == PixelLayout.Nchw
            ? new Tensor(data, 1, channels, image.Height, image.Width)
            : new Tensor(data, 1, image.Height, image.Width, channels);
    }

    /// <summary>The image of a tensor of one image.</summary>
    public static Planes ToPlanes(Tensor tensor, PixelLayout layout, ValueRange range)
    {
        var (channels, height, width) = Sizes(tensor.Dims, layout);
        var image = new Planes(channels, height, width);
        var (scale, offset) = FromLevels(range);
        var pixels = height * width;
        for (var c = 0; c < channels; c++)
        {
            var (at, step) = layout == PixelLayout.Nchw ? (c * pixels, 1) : (c, channels);
            for (var i = 0; i < pixels; i++, at += step)
                image[c][i] = (tensor.Data[at] - offset) / scale;
        }

        return image;
    }

    /// <summary>Channels, rows and columns of a 4-D shape.</summary>
    public static (int Channels, int Height, int Width) Sizes(long[] dims, PixelLayout layout) => layout == PixelLayout.Nchw
        ? ((int)dims[1], (int)dims[2], (int)dims[3])
        : ((int)dims[3], (int)dims[1], (int)dims[2]);

    private static (float Scale, float Offset) FromLevels(ValueRange range) => range switch
    {
        ValueRange.Unit => (1 / 255f, 0),
        ValueRange.Byte => (1, 0),
        _ => (2 / 255f, -1),
    };
}
