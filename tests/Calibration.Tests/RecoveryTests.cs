using MsSrConvert.Calibration.Features;
using MsSrConvert.Calibration.Layers;
using MsSrConvert.Calibration.Solving;
using MsSrConvert.Calibration.Sweeps;
using MsSrConvert.Calibration.Targets;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Method;
using MsSrConvert.Operators;
using MsSrConvert.Passes;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Runtime;
using MsSrConvert.Zoo.Networks;
using Xunit;

namespace MsSrConvert.Calibration.Tests;

/// <summary>
/// Networks where the answer is known: a converted network's kernels are wiped out and found again from its features.
/// </summary>
public class RecoveryTests
{
    [Theory]
    [InlineData(2, Interaction.Adjacent)]
    [InlineData(3, Interaction.Adjacent)]
    [InlineData(3, Interaction.Full)]
    [InlineData(4, Interaction.Full)]
    public void A_converted_network_is_recovered_from_its_own_features(int branches, Interaction interaction)
    {
        using var net = new Known(branches, interaction);
        net.WipeOut();
        foreach (var conv in net.Convs)
            net.Solve(conv);

        var (wanted, found) = (net.Truth.Compute(net.Truth.Model.Graph.Outputs),
            net.Student.Compute(net.Student.Model.Graph.Outputs));
        var (power, error) = (0.0, 0.0);
        foreach (var (a, b) in found.Values.Single().Zip(wanted.Values.Single()))
        {
            power += b.Data.Sum(v => (double)v * v);
            error += a.Data.Zip(b.Data, (x, y) => ((double)x - y) * ((double)x - y)).Sum();
        }

        Assert.InRange(Math.Sqrt(error / power), 0, 1e-3);
    }

    [Theory]
    [InlineData(2, Interaction.Adjacent)]
    [InlineData(3, Interaction.Full)]
    public void A_solved_layer_that_ONNX_Runtime_computes_otherwise_is_noticed(int branches, Interaction interaction)
    {
        using var net = new Known(branches, interaction);
        var conv = net.Convs[1];
        net.Solve(conv);
        LayerCheck.Require("layer", net.Problem(conv), net.Sums(conv), net.Student);
        // Values from before kernels changed stand for a runtime that computes something else.
        net.Student.Keep(net.Sums(conv).Select(s => s.Output));
        net.WipeOut();
        var error =
            Assert.Throws<MsSrException>(() => LayerCheck.Require("layer", net.Problem(conv), net.Sums(conv), net.Student));
        Assert.StartsWith("MSSR5304: layer: ONNX Runtime's values of this layer's branch 1 are off by", error.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, Interaction.Adjacent)]
    [InlineData(3, Interaction.Full)]
    public void Gradients_are_those_of_small_changes(int branches, Interaction interaction)
    {
        using var net = new Known(branches, interaction);
        var conv = net.Convs[2];
        var sums = net.Sums(conv);
        var model = net.Student.Model;
        var patch = net.Patches[0];
        var shapes = patch.ToDictionary(p => p.Key, p => Shape.Known(p.Value.Dims));
        var output = model.Graph.Outputs[0].Name;
        var problem = new LayerProblem(sums, net.Student);
        using var gradients = GradientModel.Build(model, shapes, output, [.. problem.Kernels().Keys], out var missing)!;
        Assert.Null(missing);
        var run = gradients.Run(patch, Tensor.Zeros(1, 1, 32, 32), 1);
        var moments = problem.Gather(0, run.Gradient);

        // The first unknowns are the shared kernel's: its gradient is the sum over its uses.
        var shared = sums[0].Terms.Select(t => t.Kernel.Initializer).First(v => v.Uses.Count == branches);
        foreach (var element in new[] { 0, 7, 40 })
        {
            var start = shared.Initializer!;
            const float Step = 2e-3f;
            double Loss(float change)
            {
                var values = start.ToFloats();
                values[element] += change;
                model.Graph.SetInitializer(shared, TensorData.Of(values, [.. start.Dims]));
                using var session = OnnxSession.Open(OnnxFile.ToBytes(model), "changed");
                return session.Run(patch)[output].Data.Sum(v => 0.5 * v * v);
            }

            var numeric = (Loss(Step) - Loss(-Step)) / (2 * Step);
            model.Graph.SetInitializer(shared, start);
            var columns = (int)(start.Dims[1] * start.Dims[2] * start.Dims[3]);
            var first = FirstColumn(sums, shared);
            var analytic = moments[(first + element % columns) * problem.Targets + element / columns];
            Assert.Equal(numeric, analytic, Math.Max(1e-3, 0.02 * Math.Abs(numeric)));
        }
    }

    private static int FirstColumn(BranchSum[] sums, Value kernel)
    {
        var (column, seen) = (0, new HashSet<Unknown>());
        foreach (var sum in sums)
        {
            foreach (var term in sum.Terms.Where(t => seen.Add(t.Kernel)))
            {
                if (term.Kernel.Initializer == kernel)
                    return column;
                var dims = term.Kernel.Initializer.Initializer!.Dims;
                column += (int)(dims[1] * dims[2] * dims[3]);
            }

            if (sum.Bias is { } bias && seen.Add(bias))
                column++;
        }

        throw new InvalidOperationException("The layer doesn't have this kernel.");
    }

    private sealed class Recorded(Func<Place, Planar> values) : ILayerTarget
    {
        public bool HasActivation => false;

        public TargetRows Rows(Place place, int count)
        {
            var planes = values(place);
            var pixels = PixelSample.Spread(planes.Height, planes.Width, count, 0);
            return new TargetRows(pixels, pixels.Of(planes));
        }
    }

    /// <summary>Random kernels, those across scales too.</summary>
    private sealed class NoKernelZero : IKernelInitializer
    {
        private readonly RandomInitializer _random = new(1);

        public string Description => "test";

        public ConvKernel Kernel(ConvKernel source, KernelRequest request) =>
            _random.Kernel(source, request with { Joins = false });

        public float[] Bias(float[] source, IReadOnlyList<int[]> channels) => _random.Bias(source, channels);
    }

    /// <summary>A converted network with random kernels, and a pair that keeps them.</summary>
    private sealed class Known : IDisposable
    {
        private readonly Converted _result;

        public Known(int branches, Interaction interaction)
        {
            var source = Vdsr.Create(1, layers: 5, channels: 12);
            Convs = [.. ModelFile.Read(OnnxFile.ToBytes(source)).Graph.Nodes.Where(n => n.Is("Conv"))];
            _result = Converter.Convert(source, new ConversionOptions { Branches = branches, Interaction = interaction },
                new NoKernelZero());
            Patches = [.. Enumerable.Range(0, 12).Select(p => new Dictionary<string, Tensor> { ["input"] = RandomInput.Of(
                (ulong)p, 0, 1, 1, 1, 32, 32) })];
            Student = new FeatureEvaluator(_result.Model, Patches);
            Truth = new FeatureEvaluator(ModelFile.Read(OnnxFile.ToBytes(_result.Model)), Patches);
        }

        public IReadOnlyList<Node> Convs { get; }

        public IReadOnlyList<IReadOnlyDictionary<string, Tensor>> Patches { get; }

        public FeatureEvaluator Student { get; }

        public FeatureEvaluator Truth { get; }

        public PlaneProducts Products { get; } = new();

        public BranchSum[] Sums(Node conv)
        {
            var outputs = _result.Branches.TryGetValue(conv.Output.Name, out var branches)
                ? branches
                : [_result.Model.Graph.Values.Single(v => v.Name == conv.Output.Name)];
            var width = outputs.Count == 1 ? 1 : 12 / outputs.Count;
            return [.. outputs.Select(o => LayerTerms.Find(o, width)!)];
        }

        public LayerProblem Problem(Node conv) => new(Sums(conv), Student);

        public void WipeOut()
        {
            foreach (var kernel in _result.Model.Graph.Initializers.Where(v => v.Initializer!.Dims.Count == 4).ToArray())
            {
                _result.Model.Graph.SetInitializer(kernel,
                    TensorData.Of(new float[kernel.Initializer!.Count], [.. kernel.Initializer.Dims]));
            }
        }

        public void Solve(Node conv)
        {
            var sums = Sums(conv);
            Student.Keep(sums.SelectMany(s => s.Terms).Select(t => t.Conv.Input(0)!));
            var truth = Truth.Model.Graph.Values.ToDictionary(v => v.Name);
            Truth.Keep(sums.Select(s => truth[s.Output.Name]));
            var target = new Recorded(place => Planar.Of(Truth[truth[sums[place.Branch].Output.Name]][place.Patch]));
            new LayerSolver(_result.Model.Graph, Student, new CalibrationOptions { Ridge = 1e-7 }, Products).Solve(sums, target);
        }

        public void Dispose() => Products.Dispose();
    }
}
