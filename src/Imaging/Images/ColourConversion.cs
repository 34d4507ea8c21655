namespace MsSrConvert.Imaging.Images;

/// <summary>How far luma and chroma of BT.601 reach.</summary>
public enum LumaRange
{
    /// <summary>Y 16..235, Cb and Cr 16..240, as video and MATLAB's <c>rgb2ycbcr</c> have it.</summary>
    Studio,
    /// <summary>0..255, as JPEG has it.</summary>
    Full,
}

/// <summary>Between RGB and BT.601 YCbCr, on grey levels 0..255, without rounding.</summary>
public static class ColourConversion
{
    /// <summary>Y, Cb and Cr of R, G and B.</summary>
    /// <exception cref="ArgumentException">The image doesn't have three channels.</exception>
    public static Planes ToYCbCr(Planes rgb, LumaRange range) => Apply(rgb, Forward(range), [0, 0, 0], Offsets(range));

    /// <summary>R, G and B of Y, Cb and Cr.</summary>
    /// <exception cref="ArgumentException">The image doesn't have three channels.</exception>
    public static Planes ToRgb(Planes yCbCr, LumaRange range) => Apply(yCbCr, Inverse(Forward(range)), Offsets(range), [0, 0, 0]);

    /// <summary>The Y channel of a colour image; a grey image counts as one whose channels are all alike.</summary>
    public static Planes ToLuma(Planes image, LumaRange range)
    {
        var source = image.Channels == 1 ? Planes.Join(image, image, image) : image;
        return Apply(source, Forward(range)[..1], [0, 0, 0], Offsets(range));
    }

    private static Planes Apply(Planes image, double[][] rows, double[] before, double[] after)
    {
        if (image.Channels != 3)
            throw new ArgumentException($"Colour conversion takes 3 channels, not {image.Channels}.", nameof(image));
        var (a, b, c) = (image[0], image[1], image[2]);
        var result = new Planes(rows.Length, image.Height, image.Width);
        for (var r = 0; r < rows.Length; r++)
        {
            var (row, target) = (rows[r], result[r]);
            var offset = after[r] - row[0] * before[0] - row[1] * before[1] - row[2] * before[2];
            for (var i = 0; i < target.Length; i++)
                target[i] = (float)(row[0] * a[i] + row[1] * b[i] + row[2] * c[i] + offset);
        }

        return result;
    }

    private static double[] Offsets(LumaRange range) => [range == LumaRange.Studio ? 16 : 0, 128, 128];

    // BT.601: luma weights kr, kg, kb; the chroma differences scaled so that they fill their range.
    private static double[][] Forward(LumaRange range)
    {
        const double kr = 0.299, kb = 0.114, kg = 1 - kr - kb;
        var luma = range == LumaRange.Studio ? 219.0 / 255 : 1;
        var chroma = range == LumaRange.Studio ? 224.0 / 255 : 1;
        var (blue, red) = (chroma / (2 * (1 - kb)), chroma / (2 * (1 - kr)));
        return
        [
            [luma * kr, luma * kg, luma * kb],
            [-blue * kr, -blue * kg, blue * (1 - kb)],
            [red * (1 - kr), -red * kg, -red * kb],
        ];
    }

    private static double[][] Inverse(double[][] m)
    {
        var determinant = m[0][0] * Minor(0, 0) - m[0][1] * Minor(0, 1) + m[0][2] * Minor(0, 2);
        return [.. Enumerable.Range(0, 3).Select(r => Enumerable.Range(0, 3)
            .Select(c => ((r + c) % 2 == 0 ? 1 : -1) * Minor(c, r) / determinant).ToArray())];

        double Minor(int row, int column)
        {
            var rows = m.Where((_, r) => r != row).Select(r => r.Where((_, c) => c != column).ToArray()).ToArray();
            return rows[0][0] * rows[1][1] - rows[0][1] * rows[1][0];
        }
    }
}
