using MsSrConvert.Calibration.Features;
using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Runtime;

namespace MsSrConvert.Calibration;

/// <summary>
/// How much every channel would lose at half size: the energy it loses when it is averaged down and repeated up, weighed by what
/// the convs that read it make of it.
/// </summary>
internal static class ChannelSensitivity
{
    /// <summary>Measures the channels of all feature values that convs read.</summary>
    /// <param name="model">The source of a plan; not changed.</param>
    /// <param name="patches">Inputs by name, one entry per patch.</param>
    /// <returns>One number per channel, at least 0, by the value's name.</returns>
    public static IReadOnlyDictionary<string, double[]> Measure(
        Model model, IReadOnlyList<IReadOnlyDictionary<string, Tensor>> patches)
    {
        var readers = model.Graph.Nodes.Where(n => n.IsConv() && n.Input(1)?.Initializer is { Dims.Count: 4 })
            .GroupBy(n => n.Input(0)!).Where(g => g.Key.Initializer is null && !g.Key.IsGraphInput).ToDictionary(g => g.Key,
                g => g.ToArray());
        var energies = readers.Keys.ToDictionary(v => v, v => new Energies(InputChannels(readers[v][0])));
        foreach (var patch in patches)
        {
            var features = new FeatureEvaluator(model, [patch]).Compute(readers.Keys);
            foreach (var (value, tensors) in features)
                energies[value].Add(tensors[0]);
        }

        var sensitivity = new Dictionary<string, double[]>();
        foreach (var (value, convs) in readers)
        {
            var sum = convs.Select(conv => energies[value].Sensitivity(conv)).Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)]);
            // A Pad in front of convs stands for the value it pads.
            var feature = value.Producer is { } pad && pad.Is("Pad") ? pad.Input(0)! : value;
            sensitivity[feature.Name] = sensitivity.TryGetValue(feature.Name, out var before)
                ? [.. before.Zip(sum, (x, y) => x + y)] : sum;
        }

        return sensitivity;
    }

    private static int InputChannels(Node conv)
    {
        var dims = conv.Input(1)!.Initializer!.Dims;
        return (int)(conv.Is("ConvTranspose") ? dims[0] : dims[1] * conv.GetInt("group", 1));
    }

    /// <summary>Per channel: all energy, and what half the size loses.</summary>
    private sealed class Energies(int channels)
    {
        private readonly double[] _all = new double[channels];
        private readonly double[] _lost = new double[channels];

        public void Add(Tensor tensor)
        {
            var x = Planar.Of(tensor);
            if (x.Height % 2 != 0 || x.Width % 2 != 0)
                return;
            var half = x.PooledTo(x.Height / 2);
            for (var c = 0; c < channels; c++)
            {
                var all = Power(x[c]);
                _all[c] += all;
                _lost[c] += all - 4 * Power(half[c]);
            }
        }

        public double[] Sensitivity(Node conv)
        {
            var weights = InputPowers(conv);
            var total = 1e-30;
            for (var c = 0; c < channels; c++)
                total += weights[c] * _all[c];
            return [.. Enumerable.Range(0, channels).Select(c => weights[c] * Math.Max(0, _lost[c]) / total)];
        }

        private static double Power(ReadOnlySpan<float> plane)
        {
            var sum = 0.0;
            foreach (var v in plane)
                sum += (double)v * v;
            return sum;
        }
    }

    // The squared norm of everything a conv does with an input channel.
    private static double[] InputPowers(Node conv)
    {
        var data = conv.Input(1)!.Initializer!;
        var (values, groups) = (data.ToFloats(), (int)conv.GetInt("group", 1));
        var (first, second) = ((int)data.Dims[0], (int)data.Dims[1]);
        var window = (int)(data.Dims[2] * data.Dims[3]);
        var powers = new double[InputChannels(conv)];
        for (var a = 0; a < first; a++)
        {
            for (var b = 0; b < second; b++)
            {
                var channel = conv.Is("ConvTranspose") ? a : a / (first / groups) * second + b;
                for (var k = 0; k < window; k++)
                {
                    var w = values[(a * second + b) * window + k];
                    powers[channel] += w * w;
                }
            }
        }

        return powers;
    }
}
