using MsSrConvert.Calibration.Features;
using MsSrConvert.Calibration.Images;
using MsSrConvert.Calibration.Layers;
using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Method;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Runtime;

namespace MsSrConvert.Calibration;

/// <summary>
/// Scales the kernels of a random start, layer by layer, until every layer's features are spread (root mean square) as the
/// source's are on the same images. What a kernel drawn with the source's gain gives differs from that: a trained kernel favours
/// what it was trained to find, and a narrow branch's gain is a matter of luck; over many layers either ends in nothing or
/// without bounds.
/// </summary>
public sealed class RandomStartFit
{
    private const int Patches = 2;
    private const int Side = 48;

    // Factors have so many digits, so that the last bits of a sum, which differ between machines, don't show.
    private const int Digits = 3;

    private readonly PairFeatures _pair;
    private readonly Converted _start;
    private readonly HashSet<(Value Kernel, int FirstOutput)> _fitted = [];

    private RandomStartFit(Converted start, IReadOnlyList<IReadOnlyDictionary<string, Tensor>> patches) =>
        (_pair, _start) = (new PairFeatures(start, patches), start);

    /// <summary>Fits a conversion's kernels on synthetic images.</summary>
    /// <param name="source">The source as it runs.</param>
    /// <param name="start">Its conversion with random kernels, which are changed.</param>
    /// <exception cref="MsSrException">The source can't be run on such images.</exception>
    public static void Run(ImageModel source, Converted start)
    {
        var contract = source.Contract;
        var side = (int)Multiples.RoundUp(Math.Max(Side, contract.MinimumSize), start.Plan.InputSizes.Multiple);
        var options = new PatchOptions
        {
            Count = Patches,
            Height = contract.FixedHeight ?? side,
            Width = contract.FixedWidth ?? side,
        };
        Run(start, CalibrationPatches.Cut(source.Session.Inputs[0].Name, contract, new SyntheticImages(), options));
    }

    /// <summary>Fits a conversion's kernels.</summary>
    /// <param name="start">The conversion with random kernels, which are changed.</param>
    /// <param name="patches">The model's inputs by name, one entry per patch, sides of the multiple the branches need.</param>
    public static void Run(Converted start, IReadOnlyList<IReadOnlyDictionary<string, Tensor>> patches)
    {
        var fit = new RandomStartFit(start, patches);
        var layers = start.Plan.Convs.Where(c => c.Role != ConvRole.Kept).Select(c => c.Node).ToArray();
        for (var i = 0; i < layers.Length; i++)
        {
            fit.Fit(layers[i]);
            fit.Forget(layers.AsSpan(i + 1));
        }
    }

    private void Fit(Node conv)
    {
        if (LayerTerms.Of(_pair, conv) is not { } sums)
            return;
        _pair.Teacher.Keep([conv.Output]);
        // Of a node with several outputs all: one that is needed later would be computed beside one at hand.
        _pair.Student.Keep(sums.SelectMany(s => s.Terms).Select(t => t.Conv.Input(0)!)
            .SelectMany(v => v.Producer?.Outputs.OfType<Value>() ?? [v]));
        var wanted = Spread(_pair.Teacher[conv.Output]);
        foreach (var sum in sums)
        {
            // A kernel that branches or layers share is fitted where it is met first, on the finest branch.
            var terms = sum.Terms.Where(t => _fitted.Add((t.Kernel.Initializer, t.Kernel.FirstOutput))).ToArray();
            if (terms.Length == 0)
                continue;
            var factor = wanted / Spread(_pair.Student.Compute([sum.Output])[sum.Output]);
            if (factor > 0 && double.IsFinite(factor))
                Array.ForEach(terms, term => Scale(term, Rounded(factor)));
        }
    }

    private static double Spread(IReadOnlyList<Tensor> features) =>
        Math.Sqrt(features.Average(patch => patch.Data.Average(v => (double)v * v)));

    private static double Rounded(double factor)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(factor)) + 1 - Digits);
        return Math.Round(factor / unit) * unit;
    }

    private void Scale(Term term, double factor)
    {
        var (initializer, first, outputs, _) = term.Kernel;
        var kernel = ConvKernel.Of(term.Conv);
        for (var output = first; output < first + outputs; output++)
        {
            for (var input = 0; input < kernel.Ins; input++)
            {
                foreach (ref var value in kernel.Window(output, input))
                    value = (float)(value * factor);
            }
        }

        _start.Model.Graph.SetInitializer(initializer, kernel.ToTensor(initializer.Initializer!.Element));
    }

    // What layers to come need stays; the rest would fill the memory.
    private void Forget(ReadOnlySpan<Node> next)
    {
        var outputs = next.ToArray().Select(n => n.Output).ToArray();
        _pair.Teacher.KeepOnlyFor(outputs);
        _pair.Student.KeepOnlyFor(outputs.SelectMany(_pair.StudentOf));
    }
}
