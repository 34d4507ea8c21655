using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Runtime;

namespace MsSrConvert.Calibration.Images;

/// <summary>
/// Drawn images for those who have no photographs at hand: scenes of soft shading, edges and bars, overlaid with texture whose
/// amplitude falls with its frequency as that of photographs does.
/// </summary>
public sealed class SyntheticImages(ulong seed = 0) : IImageSource
{
    private const int Images = 24;
    private const int LeastSide = 192;
    private const int Octaves = 6;
    private const int Waves = 8;

    // Every batch of patches comes by again.
    private readonly Planes?[] _drawn = new Planes?[Images];

    /// <inheritdoc/>
    public string Description => $"{Count} synthetic images (no photographs were given)";

    /// <inheritdoc/>
    public int Count => Images;

    /// <inheritdoc/>
    public Planes? Cut(int index, int width, int height, double u, double v)
    {
        var image = Image(index, Math.Max(LeastSide, Math.Max(width, height)));
        return image.Crop((int)(u * (image.Width - width + 1)), (int)(v * (image.Height - height + 1)), width, height);
    }

    private Planes Image(int index, int side)
    {
        if (_drawn[index] is { } drawn && drawn.Width == side)
            return drawn;
        var own = seed * 1000 + (ulong)index;
        var scene = TestScene.Draw(side, side, own + 100);
        var texture = Texture(side, own);
        var strength = 10 + 10 * (index % 4);
        return _drawn[index] = new Planes(
            [.. Enumerable.Range(0, 3).Select(c => scene[c].Zip(texture, (s, t) => s + strength * t).ToArray())], side,
            side).Quantize();
    }

    // Octaves of oriented waves; every octave is half as strong as the one below it.
    private static float[] Texture(int side, ulong seed)
    {
        var numbers = RandomInput.Of(seed, 0, 1, Octaves, Waves, 3).Data;
        var texture = new float[side * side];
        Parallel.For(0, side, y =>
        {
            for (var octave = 0; octave < Octaves; octave++)
            {
                for (var wave = 0; wave < Waves; wave++)
                {
                    var at = (octave * Waves + wave) * 3;
                    var frequency = Math.Tau / side * (1 << octave) * (1 + numbers[at]) * 2;
                    var (sin, cos) = Math.SinCos(Math.Tau * numbers[at + 1]);
                    var amplitude = Math.Pow(0.6, octave) / Math.Sqrt(Waves) * 1.5;
                    for (var x = 0; x < side; x++)
                    {
                        texture[y * side + x] += (float)(
                            amplitude * Math.Sin(frequency * (x * cos + y * sin) + Math.Tau * numbers[at + 2]));
                    }
                }
            }
        });
        return texture;
    }
}
