using System.Text;

namespace MsSrConvert.Zoo;

/// <summary>
/// A stream of random numbers for one parameter tensor, decided by the network's seed and the tensor's name alone: the same
/// bits on every platform and runtime, and adding a layer leaves the others' weights as they were.
/// </summary>
internal sealed class WeightStream
{
    private const double TwoToMinus53 = 1.0 / (1L << 53);
    private const double Ln2 = 0.69314718055994530942;

    private ulong _state;
    private double? _spare;

    /// <summary>Starts the stream of a tensor.</summary>
    public WeightStream(ulong seed, string name)
    {
        // FNV-1a spreads the name over 64 bits; a first draw mixes it with the seed.
        var hash = 0xCBF29CE484222325UL;
        foreach (var b in Encoding.UTF8.GetBytes(name))
            hash = (hash ^ b) * 0x100000001B3UL;
        _state = seed;
        _state = NextBits() ^ hash;
    }

    /// <summary>Uniform in [-1, 1).</summary>
    public double NextUniform() => (2 * TwoToMinus53 * (NextBits() >> 11)) - 1;

    /// <summary>Normal with mean 0 and deviation 1, by the polar method.</summary>
    public double NextNormal()
    {
        if (_spare is { } spare)
        {
            _spare = null;
            return spare;
        }

        double u, v, s;
        do
        {
            u = NextUniform();
            v = NextUniform();
            s = (u * u) + (v * v);
        }
        while (s >= 1 || s == 0);

        var factor = Math.Sqrt(-2 * Log(s) / s);
        _spare = v * factor;
        return u * factor;
    }

    // SplitMix64.
    private ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15UL;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    // Math.Log may differ in the last bit between platforms; IEEE's four operations and square root may not.
    private static double Log(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFFL) | (1023L << 52));
        if (mantissa > 1.4142135623730951)
        {
            mantissa /= 2;
            exponent++;
        }

        // ln m = 2 artanh t with |t| < 0.172; the term after t^21 is below 1e-18.
        var t = (mantissa - 1) / (mantissa + 1);
        var sum = 0.0;
        for (var k = 21; k >= 1; k -= 2)
            sum = (sum * t * t) + (1.0 / k);
        return (exponent * Ln2) + (2 * t * sum);
    }
}
