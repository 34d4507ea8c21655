
namespace MsSrConvert.Calibration.Targets;

/// <summary>An activation behind a layer: what its input should have been for its output to be right.</summary>
internal abstract class Activation
{
    /// <summary>The activation's output.</summary>
    public abstract float Value(float x, int channel);

    /// <summary>
    /// The input to aim for at a pixel: the least squares error towards it is an upper bound of the error behind the activation,
    /// exact at <paramref name="x"/>, so that every solve lowers the error that counts.
    /// </summary>
    /// <param name="x">The input as it is at present.</param>
    /// <param name="wanted">The output that is wanted.</param>
    /// <param name="channel">The channel.</param>
    public abstract float Aim(float x, float wanted, int channel);

    /// <summary>The slope at an input; rows of a last layer are weighed by its square.</summary>
    public abstract float Slope(float x, int channel);
}

/// <summary>Relu, LeakyRelu and PRelu: the input itself above zero, a share of it below.</summary>
internal sealed class RectifierActivation(IReadOnlyList<float> slopes) : Activation
{
    public override float Value(float x, int channel) => x >= 0 ? x : x * Below(channel);

    public override float Aim(float x, float wanted, int channel)
    {
        var slope = Below(channel);
        if (wanted > 0)
            return wanted;
        if (x >= 0)
            return slope == 0 ? 0 : wanted;
        return x - slope * (slope * x - wanted) / Math.Max(1, slope * slope);
    }

    public override float Slope(float x, int channel) => x >= 0 ? 1 : Below(channel);

    private float Below(int channel) => slopes[slopes.Count == 1 ? 0 : channel];
}

/// <summary>Clip: nothing beyond a bound matters.</summary>
internal sealed class ClipActivation(float low, float high) : Activation
{
    public override float Value(float x, int channel) => Math.Clamp(x, low, high);

    public override float Aim(float x, float wanted, int channel) =>
        wanted >= high ? Math.Max(x, high) : wanted <= low ? Math.Min(x, low) : wanted;

    public override float Slope(float x, int channel) => x >= low && x <= high ? 1 : 0;
}

/// <summary>A smooth activation given by its function and the largest slope it has.</summary>
internal sealed class SmoothActivation(Func<float, float> function, float steepest) : Activation
{
    private const float Step = 1e-3f;

    public override float Value(float x, int channel) => function(x);

    public override float Aim(float x, float wanted, int channel) =>
        x - Slope(x, channel) * (function(x) - wanted) / (steepest * steepest);

    public override float Slope(float x, int channel) => (function(x + Step) - function(x - Step)) / (2 * Step);
}
