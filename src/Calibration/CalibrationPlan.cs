using MsSrConvert.Calibration.Features;
using MsSrConvert.Calibration.Layers;
using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Method;
using MsSrConvert.Passes.Costs;
using MsSrConvert.Passes.Plan;

namespace MsSrConvert.Calibration;

/// <summary>How many patches of which size a calibration takes, so that it stays within its memory.</summary>
/// <param name="Patches">How many.</param>
/// <param name="Height">Rows of a patch.</param>
/// <param name="Width">Columns of a patch.</param>
/// <param name="Sweeps">
/// How many sweeps are made over the network at the most; 0 where the equations of all layers, which they need, don't fit at
/// once.
/// </param>
/// <param name="Bytes">The memory it takes, estimated.</param>
/// <param name="Layers">What every converted layer costs, in graph order; null for one that isn't solved.</param>
internal sealed record CalibrationPlan(int Patches, int Height, int Width, int Sweeps, double Bytes,
    IReadOnlyList<LayerCost?> Layers)
{
    /// <summary>True where patches are smaller than asked for.</summary>
    public bool IsSmaller { get; private init; }

    // Wide areas have about one brightness and colour per patch, and coarse branches carry these: of fewer patches they learn so
    // little that a network of many layers fails on other images.
    private const int EnoughPatches = 48;
    private const int LeastPatches = 8;
    private const int MostPatches = 96;
    private const int LeastSide = 32;

    private const int LeastSweeps = 4;

    // As many pixels as 48 patches of 64×64 have: more than layers take rows from, so that these are spread over many places.
    private const double UsualPixels = 48 * 64 * 64;

    // A sweep runs the network to the output, back, and about thrice more to find how far to go.
    private const double RunsPerSweep = 5;

    // .NET, ONNX Runtime, the models.
    private const double BaseBytes = 400e6;

    // A layer's equations, its two factorisations, the sums that are added to them, and what waits for the garbage collector.
    private const double EquationCopies = 7;

    // A layer's rows, and what waits for the garbage collector.
    private const double RowCopies = 1.5;

    private const double UsualBytesPerPixel = 4096;

    /// <summary>Plans for a budget: patches beyond 48 go first, then their size, then further patches, then the sweeps.</summary>
    /// <param name="pair">Source and converted network; their kernels don't matter.</param>
    /// <param name="contract">Which sizes the network takes.</param>
    /// <param name="plan">The conversion's plan.</param>
    /// <param name="wanted">What is asked for.</param>
    /// <exception cref="MsSrException">Even the least doesn't fit (MSSR3301).</exception>
    public static CalibrationPlan Make(PairFeatures pair, ImageContract contract, ConversionPlan plan, CalibrationRequest wanted)
    {
        var multiple = plan.InputSizes.Multiple;
        long Fitting(long side) => Multiples.RoundUp(Math.Max(side, contract.MinimumSize), multiple);
        var first = Fitting(wanted.PatchSize);
        long[] sides = [first, .. Halves(first).Select(Fitting).Where(s => s < first).Distinct()];
        var sizes = sides.Select(s => (Height: contract.FixedHeight ?? (int)s, Width: contract.FixedWidth ?? (int)s)).Distinct()
            .ToArray();
        CalibrationPlan? least = null;
        foreach (var sweeps in wanted.Options.Sweeps > 0 ? new[] { true, false } : [false])
        {
            foreach (var (height, width) in sizes)
            {
                var isSmallest = (height, width) == sizes[^1];
                var count = wanted.Patches ?? (int)Math.Clamp(UsualPixels / ((double)height * width), LeastPatches, MostPatches);
                var cost = new PatchCost(pair, contract, plan, wanted.Options, height, width);
                var fitting = (int)Math.Min(count, (wanted.Memory - cost.Fixed(sweeps)) / cost.PerPatch);
                if (fitting >= Math.Min(count, isSmallest ? LeastPatches : EnoughPatches))
                    return cost.Plan(fitting, sweeps) with { IsSmaller = (height, width) != sizes[0] };
                least = cost.Plan(Math.Min(count, LeastPatches), sweeps);
            }
        }

        throw new MsSrException(new Diagnostic("MSSR3301", Severity.Error,
            FormattableString.Invariant(
                $"calibrating this network takes at least {least!.Bytes / (1 << 30):0.0} GiB, and {wanted.Memory / (double)(1 << 30):0.0} GiB are allowed."),
            "--memory", "Allow more, or convert less of the network (--fuse-at upsampler, --keep PATTERN)."));
    }

    private static IEnumerable<long> Halves(long side)
    {
        for (var half = side / 2; half >= LeastSide; half /= 2)
            yield return half;
    }

    /// <summary>What patches of one size cost.</summary>
    private sealed class PatchCost
    {
        private readonly int _height;
        private readonly int _width;
        private readonly LayerCost?[] _layers;
        private readonly double _once;
        private readonly double _gradients;
        private readonly int _sweeps;

        public PatchCost(PairFeatures pair, ImageContract contract, ConversionPlan plan, CalibrationOptions options, int height,
            int width)
        {
            (_height, _width) = (height, width);
            var dims = contract.InputDims(1, height, width);
            var input = pair.Source.Graph.Inputs.First(v => v.Initializer is null);
            var shapes = new PairShapes(pair, new Dictionary<string, long[]> { [input.Name] = dims });
            _layers = [.. plan.Convs.Where(c => c.Role != ConvRole.Kept).Select(c => LayerCost.Of(pair, c.Node, options))];
            double Live(Model model) =>
                (MemoryEstimate.BytesPerPixel(model, height, width, dims) ?? UsualBytesPerPixel) * height * width;
            PerPatch = Live(pair.Source) + Live(pair.Student.Model);
            // While channels are ranked, what every conv reads is there at once, for one patch.
            _once = BaseBytes + Math.Max(shapes.Bytes(ofTeacher: true),
                _layers.Max(l => l?.EquationBytes * EquationCopies + l?.RowBytes * RowCopies) ?? 0);
            var image = pair.Student.Model.Graph.Inputs.First(v => v.Initializer is null);
            var macs = CostModel.Count(pair.Student.Model, new Dictionary<Value, Shape> { [image] = Shape.Known(dims) }).Macs;
            _sweeps = (int)Math.Min(options.Sweeps,
                Math.Max(LeastSweeps, options.SweepWork / (RunsPerSweep * options.SweepPatches * macs)));
            _gradients = 2 * shapes.Bytes(ofTeacher: false) + _layers.Sum(l => l?.EquationBytes ?? 0);
        }

        public double PerPatch { get; }

        public double Fixed(bool sweeps) => _once + (sweeps ? _gradients : 0);

        public CalibrationPlan Plan(int patches, bool sweeps) =>
            new(patches, _height, _width, sweeps ? _sweeps : 0, Fixed(sweeps) + patches * PerPatch, _layers);
    }
}
