using System.Globalization;
using System.Text;

namespace MsSrConvert.Passes.Rewrite;

/// <summary>
/// Random numbers for training from scratch. Each branch begins as a narrow network of its own that keeps the source's spread
/// layer by layer: kernels of the same scale, drawn normally, have the source kernel's gain (its mean square times its fan-in),
/// small gains of tails and residual branches included, and kernels that join them are zero. With joining kernels at full
/// spread every layer would replace half of what the finest branch knows by halved and doubled features, and the source's
/// details be lost after a few layers. The gain of a trained kernel says little of its effect: who can run the source
/// scales the kernels afterwards. Every kernel has its own stream, taken from the seed and its name, so that one layer's
/// start doesn't depend on another's.
/// </summary>
public sealed class RandomInitializer(long seed) : IKernelInitializer
{
    /// <inheritdoc/>
    public string Description => string.Create(CultureInfo.InvariantCulture, $"random:{seed}");

    /// <inheritdoc/>
    public ConvKernel Kernel(ConvKernel source, KernelRequest request)
    {
        var (outs, ins) = (request.Uses[0].Outs.Length, request.Uses[0].Ins.Length);
        var kernel = source.Like(outs, ins, request.Groups);
        if (request.Joins)
            return kernel;
        var random = new NormalStream(seed, request.Name);
        var fanIn = (double)ins / request.Groups;
        var deviation = Math.Sqrt(MeanSquare(source) * source.Ins / source.Groups / fanIn);
        foreach (ref var value in kernel.Values)
            value = (float)(random.Next() * deviation);
        return kernel;
    }

    /// <inheritdoc/>
    public float[] Bias(float[] source, IReadOnlyList<int[]> channels) => new float[channels[0].Length];

    private static double MeanSquare(ConvKernel kernel)
    {
        var sum = 0d;
        foreach (var value in kernel.Values)
            sum += (double)value * value;
        return sum / kernel.Values.Length;
    }

    /// <summary>Normally distributed numbers by Box-Muller over SplitMix64: the same on every platform and version.</summary>
    private sealed class NormalStream
    {
        private ulong _state;

        public NormalStream(long seed, string name)
        {
            // FNV-1a over the name.
            _state = 14695981039346656037UL ^ (ulong)seed;
            foreach (var b in Encoding.UTF8.GetBytes(name))
                _state = (_state ^ b) * 1099511628211UL;
        }

        public double Next()
        {
            var (u, v) = (Uniform(), Uniform());
            return Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * v);
        }

        // In (0, 1], so that the logarithm is finite.
        private double Uniform()
        {
            _state += 0x9E3779B97F4A7C15UL;
            var z = _state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return (((z ^ (z >> 31)) >> 11) + 1) * (1.0 / (1UL << 53));
        }
    }
}
