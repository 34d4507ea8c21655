using MsSrConvert.Imaging.Images;

namespace MsSrConvert.Training.Data;

/// <summary>The eight ways to turn and flip a square.</summary>
internal static class Symmetry
{
    /// <summary>Applies one: bit 0 mirrors left and right, bit 1 above and below, bit 2 swaps rows and columns.</summary>
    public static Planes Apply(Planes image, int symmetry)
    {
        if (symmetry == 0)
            return image;
        var swap = (symmetry & 4) != 0;
        var (height, width) = swap ? (image.Width, image.Height) : (image.Height, image.Width);
        var result = new Planes(image.Channels, height, width);
        for (var c = 0; c < image.Channels; c++)
        {
            var (source, target) = (image[c], result[c]);
            for (var y = 0; y < height; y++)
            {
                var fromY = (symmetry & 2) != 0 ? height - 1 - y : y;
                for (var x = 0; x < width; x++)
                {
                    var fromX = (symmetry & 1) != 0 ? width - 1 - x : x;
                    target[y * width + x] = swap ? source[fromX * image.Width + fromY] : source[fromY * image.Width + fromX];
                }
            }
        }

        return result;
    }
}
