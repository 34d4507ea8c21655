namespace MsSrConvert.Calibration.Features;

/// <summary>Arithmetic on planes.</summary>
internal static class PlanarMath
{
    /// <summary>a times a sign, plus b times a sign; a single plane of b stands for all channels.</summary>
    public static Planar Combine(Planar a, int signA, Planar b, int signB)
    {
        var result = new Planar(a.Count, a.Height, a.Width);
        Parallel.For(0, a.Count, p =>
        {
            var x = a[p];
            var y = b[b.Count == 1 ? 0 : p];
            var sum = result[p];
            for (var i = 0; i < sum.Length; i++)
                sum[i] = signA * x[i] + signB * y[i];
        });
        return result;
    }

    /// <summary>Every element changed by itself, given its channel.</summary>
    public static Planar Map(Planar x, Func<float, int, float> change)
    {
        var result = new Planar(x.Count, x.Height, x.Width);
        Parallel.For(0, x.Count, p =>
        {
            var from = x[p];
            var to = result[p];
            for (var i = 0; i < to.Length; i++)
                to[i] = change(from[i], p);
        });
        return result;
    }

    /// <summary>The constant of a channel, of a list that may hold one for all.</summary>
    public static float At(float[] constants, int channel) => constants[constants.Length == 1 ? 0 : channel];
}
