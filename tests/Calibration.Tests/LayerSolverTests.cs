using MsSrConvert.Calibration.Features;
using MsSrConvert.Calibration.Layers;
using MsSrConvert.Calibration.Solving;
using MsSrConvert.Calibration.Targets;
using MsSrConvert.GraphIR;
using MsSrConvert.Runtime;
using Xunit;

namespace MsSrConvert.Calibration.Tests;

/// <summary>Layers of one shared 1×1 kernel over planes of ones, whose solution is a mean that can be said by hand.</summary>
public class LayerSolverTests
{
    private static readonly int[] Sides = [32, 16];

    // 32×32 pixels ask for 1 and 16×16 pixels for 3: (1024·1 + 256·3) / 1280. Where rows are few, each branch gives 50.
    [Theory]
    [InlineData(1 << 17, 1, 1.4)]
    [InlineData(100, 1, 1.4)]
    [InlineData(1 << 17, 4, 2)]
    [InlineData(100, 4, 2)]
    public void Branches_count_by_their_area_however_many_rows_are_drawn(int rows, double coarser, double expected)
    {
        var solved = Solve(2, new Target((place, pixels) => Rows(pixels, place.Branch == 0 ? 1 : 3), false),
            new CalibrationOptions { Ridge = 1e-9, Rows = rows, CoarserWeight = coarser, Sweeps = 0 });

        Assert.Equal(expected, solved, 1e-5);
    }

    // Each aim lies half way between what there is and the 1 that is wanted; the first aims from 0.
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.75)]
    [InlineData(4, 0.96875)]
    public void A_layer_before_an_activation_is_aimed_as_often_as_asked_while_it_helps(int steps, double expected)
    {
        var aim = new Aimed((x, wanted) => x + (wanted - x) / 2);

        Assert.Equal(expected, Solve(1, Target.Through(aim), Options(steps)), 1e-5);
    }

    // Half way at first; every aim after that is far beyond.
    [Fact]
    public void Aiming_ends_with_the_step_that_no_longer_helps()
    {
        var aim = new Aimed((x, wanted) => x == 0 ? wanted / 2 : 2.75f * wanted);

        Assert.Equal(0.5, Solve(1, Target.Through(aim), Options(4)), 1e-5);
    }

    // Seven patches ask for 1, the eighth is held back: it chooses how stiff the ridge is and isn't solved for. To come near 0
    // the stiffest ridge serves best, to come near 2 the softest.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 1)]
    public void Every_eighth_patch_is_held_back_and_chooses_the_ridge(float held, double expected)
    {
        var target = new Target((place, pixels) => Rows(pixels, place.Patch == 7 ? held : 1), false);

        Assert.Equal(expected, Solve(1, target, Options(0), patches: 8), 1e-3);
    }

    private static CalibrationOptions Options(int steps) => new() { Ridge = 1e-9, AimSteps = steps, Sweeps = 0 };

    private static TargetRows Rows(PixelSample pixels, float wanted) =>
        new(pixels, Planar.Filled(1, 1, pixels.Count, _ => wanted));

    private static double Solve(int branches, ILayerTarget target, CalibrationOptions options, int patches = 1)
    {
        var graph = new Graph("layer");
        var kernel = graph.AddInitializer("kernel", TensorData.Of([0f], 1, 1, 1, 1));
        var patch = new Dictionary<string, Tensor>();
        var sums = new List<BranchSum>();
        for (var branch = 0; branch < branches; branch++)
        {
            var side = Sides[branch];
            var input = graph.AddInput(new Value($"x{branch}", new TensorType(ElementType.Float, new Shape(1, 1, side, side))));
            var output = new Value($"y{branch}");
            graph.Add(new Node("Conv", [input, kernel], [output]));
            sums.Add(LayerTerms.Find(output, 1)!);
            patch[input.Name] = new Tensor([.. Enumerable.Repeat(1f, side * side)], [1, 1, side, side]);
        }

        using var products = new PlaneProducts();
        var features = new FeatureEvaluator(new Model(graph), [.. Enumerable.Repeat(patch, patches)]);
        new LayerSolver(graph, features, options, products).Solve(sums, target);
        return kernel.Initializer!.ToFloats()[0];
    }

    private sealed class Target(Func<Place, PixelSample, TargetRows> rows, bool hasActivation) : ILayerTarget
    {
        public bool HasActivation => hasActivation;

        /// <summary>Wants 1 behind an activation that gives 0 for what the source has in front of it.</summary>
        public static Target Through(Activation activation) => new((_, pixels) => LayerSolverTests.Rows(pixels, 1) with
        {
            Activation = activation,
            Channels = [0],
            Before = new Planar(1, 1, pixels.Count),
        }, true);

        public TargetRows Rows(Place place, int count)
        {
            var side = Sides[place.Branch];
            return rows(place, PixelSample.Spread(side, side, count, 0));
        }
    }

    /// <summary>The identity, with an aim of its own.</summary>
    private sealed class Aimed(Func<float, float, float> aim) : Activation
    {
        public override float Value(float x, int channel) => x;

        public override float Aim(float x, float wanted, int channel) => aim(x, wanted);

        public override float Slope(float x, int channel) => 1;
    }
}
