using MsSrConvert.Calibration.Features;

namespace MsSrConvert.Calibration.Targets;

/// <summary>
/// What a layer's outputs ought to be at chosen pixels. Between the output z and what is wanted lie, pixel by pixel, constants
/// and other summands, u = f·z + o, and perhaps an activation.
/// </summary>
/// <param name="Pixels">The pixels.</param>
/// <param name="Wanted">What ought to come out, behind the activation: outputs × pixels.</param>
internal sealed record TargetRows(PixelSample Pixels, Planar Wanted)
{
    /// <summary>f for every output, or null for 1.</summary>
    public float[]? Factors { get; init; }

    /// <summary>o for every output and pixel, or null for 0.</summary>
    public Planar? Offsets { get; init; }

    /// <summary>The activation, or null.</summary>
    public Activation? Activation { get; init; }

    /// <summary>The activation's channel for every output.</summary>
    public int[] Channels { get; init; } = [];

    /// <summary>u in the source; where there is an activation.</summary>
    public Planar? Before { get; init; }

    /// <summary>What the error at each pixel counts, or null where all count alike.</summary>
    public float[]? Weights { get; init; }

    /// <summary>Some of the outputs.</summary>
    public TargetRows Run(int first, int count) => first == 0 && count == Wanted.Count ? this : this with
    {
        Wanted = Wanted.Run(first, count),
        Factors = Factors?[first..(first + count)],
        Offsets = Offsets?.Run(first, count),
        Channels = Channels.Length == 0 ? Channels : Channels[first..(first + count)],
        Before = Before?.Run(first, count),
    };

    /// <summary>What to solve for.</summary>
    /// <param name="present">The outputs as they are, or null before the first solve.</param>
    public Planar Aim(Planar? present)
    {
        if (Activation is null && Factors is null && Offsets is null)
            return Wanted;
        var result = new Planar(Wanted.Count, 1, Pixels.Count);
        Parallel.For(0, Wanted.Count, o =>
        {
            for (var i = 0; i < Pixels.Count; i++)
            {
                var u = Wanted[o][i];
                if (Activation is not null)
                    u = Activation.Aim(present is null ? Before![o][i] : Forth(present[o][i], o, i), u, Channels[o]);
                result[o][i] = Back(u, o, i);
            }
        });
        return result;
    }

    /// <summary>Sums of squares of what is wanted and of its difference to what the outputs give.</summary>
    public (double Power, double Error) Compare(Planar present)
    {
        var (power, error) = (0.0, 0.0);
        for (var o = 0; o < Wanted.Count; o++)
        {
            for (var i = 0; i < Pixels.Count; i++)
            {
                var u = Forth(present[o][i], o, i);
                var (wanted, found) = ((double)Wanted[o][i], Activation?.Value(u, Channels[o]) ?? u);
                (power, error) = (power + wanted * wanted, error + (found - wanted) * (found - wanted));
            }
        }

        return (power, error);
    }

    private float Forth(float z, int output, int pixel) => z * (Factors?[output] ?? 1) + (Offsets?[output][pixel] ?? 0);

    // An output that is multiplied by zero may be anything.
    private float Back(float u, int output, int pixel) =>
        (Factors?[output] ?? 1) is var f && f != 0 ? (u - (Offsets?[output][pixel] ?? 0)) / f : 0;
}
