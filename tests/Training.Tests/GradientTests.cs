using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Method;
using MsSrConvert.Passes;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Runtime;
using MsSrConvert.Training.Execution;
using MsSrConvert.Zoo;
using Xunit;
using static TorchSharp.torch;
using Tensor = MsSrConvert.Runtime.Tensor;

namespace MsSrConvert.Training.Tests;

/// <summary>Gradients are how much ONNX Runtime's output changes when a weight changes a little.</summary>
public class GradientTests
{
    private static readonly Tensor Input = RandomInput.Of(1, 0, 1, 1, 3, 16, 20);
    private static readonly Tensor Weighing = RandomInput.Of(2, -1, 1, 1, 3, 32, 40);

    [Theory]
    [InlineData(2, Interaction.Adjacent), InlineData(2, Interaction.Full)]
    [InlineData(3, Interaction.Adjacent), InlineData(3, Interaction.Full)]
    public void They_agree_with_small_changes_of_every_weight(int branches, Interaction interaction)
    {
        var model = Converted(branches, interaction);
        var gradients = Gradients(model);
        Assert.Equal(
            model.Graph.Initializers.Count(v => v.Initializer!.Element == ElementType.Float && v.Name != "mssr/up2_factors"),
            gradients.Count);
        Assert.All(gradients, g => Agrees(model, g.Key, g.Value));
    }

    [Theory]
    [InlineData(2, Interaction.Adjacent), InlineData(2, Interaction.Full)]
    [InlineData(3, Interaction.Adjacent), InlineData(3, Interaction.Full)]
    public void A_shared_kernels_is_the_sum_over_its_uses(int branches, Interaction interaction)
    {
        var model = Converted(branches, interaction);
        var shared = Gradients(model);
        var (graph, parts) = (model.Graph, new Dictionary<string, List<Value>>());
        foreach (var value in shared.Keys.Where(v => v.Uses.Count > 1).ToArray())
        {
            parts[value.Name] = [.. value.Uses.ToArray().Select((use, i) =>
            {
                var copy = graph.AddInitializer($"{value.Name}/{i}", value.Initializer!);
                use.Node.SetInput(use.Index, copy);
                return copy;
            })];
        }

        Assert.Contains(parts.Values, p => p.Count == branches);
        var apart = Gradients(model).ToDictionary(g => g.Key.Name, g => g.Value);
        foreach (var (name, copies) in parts)
        {
            var sum = new float[shared.First(s => s.Key.Name == name).Value.Data.Length];
            foreach (var copy in copies)
                sum = [.. sum.Zip(apart[copy.Name].Data, (a, b) => a + b)];
            var whole = shared.First(s => s.Key.Name == name).Value;
            Assert.InRange(Parity.RelativeError(whole, whole with { Data = sum }), 0, 1e-4);
        }
    }

    [Fact]
    public void Factors_statistics_and_sizes_are_not_trained()
    {
        var net = new NetBuilder("net", 1);
        var x = net.Input();
        var y = net.BatchNorm(net.Conv(x, "head", 8, 3), "norm");
        y = net.ResizeLike(net.MaxPool(y, 2, 2), y);
        net.Output(net.Scale(net.Conv(y, "tail", 3, 3), 0.5f));
        using var network = new TorchNetwork(net.Model, CPU);
        Assert.Equal(["head.weight", "head.bias", "norm.weight", "norm.bias", "tail.weight", "tail.bias"],
            network.Trainable.Select(v => v.Name));
    }

    [Fact]
    public void Weights_that_a_decomposition_reads_are_trained()
    {
        var model = new Model(new Graph("net")) { IrVersion = 10 };
        model.OpsetImports[""] = 21;
        var graph = model.Graph;
        var x = graph.AddInput(new Value("x", new TensorType(ElementType.Float, Shape.Known(Input.Dims))));
        var twice = graph.Add(
            new Node("Resize", [x, null, graph.AddInitializer("scales", TensorData.Of([1f, 1, 2, 2], 4))], [new Value("twice")],
                "up"));
        var scale = graph.AddInitializer("scale", TensorData.Of([0.5f, -1, 2], 3));
        var bias = graph.AddInitializer("bias", TensorData.Of([0.1f, 0.2f, 0.3f], 3));
        var norm = new Node("GroupNormalization", [twice.Output, scale, bias],
            [new Value("y", new TensorType(ElementType.Float, null))], "norm");
        graph.AddOutput(graph.Add(norm.With("num_groups", 1)).Output);

        var gradients = Gradients(model);

        Assert.Equal([scale, bias], gradients.Keys);
        Assert.All(gradients, g => Agrees(model, g.Key, g.Value));
    }

    [Theory]
    [InlineData(2, Interaction.Adjacent)]
    [InlineData(3, Interaction.Full)]
    [InlineData(4, Interaction.Adjacent)]
    public void After_two_steps_from_a_random_start_every_weight_learns(int branches, Interaction interaction)
    {
        const float step = 0.01f;
        var model = Converted(branches, interaction, new RandomInitializer(3));
        for (var i = 0; i < 2; i++)
        {
            foreach (var (value, gradient) in Gradients(model).Where(g => g.Value.Data.Any(v => v != 0)))
            {
                var data = value.Initializer!;
                var moved = data.ToFloats().Zip(Unit(gradient.Data), (w, g) => w - step * g);
                model.Graph.SetInitializer(value, TensorData.Of(moved.ToArray(), [.. data.Dims]));
            }
        }

        Assert.All(Gradients(model), g => Assert.Contains(g.Value.Data, v => v != 0));
    }

    private static Model Converted(int branches, Interaction interaction, IKernelInitializer? start = null)
    {
        var net = new NetBuilder("net", 5);
        var x = net.Conv(net.Input(), "head", 8, 3);
        var y = net.PRelu(net.Conv(x, "middle1", 8, 3), "slope", 8, 1, 1);
        y = net.Add(x, net.Conv(y, "middle2", 8, 3));
        y = net.Tanh(net.PixelShuffle(net.Conv(y, "up", 24, 3), 2));
        net.Output(net.Conv(y, "tail", 3, 3), scale: 2);
        return Converter.Convert(net.Model, new ConversionOptions { Branches = branches, Interaction = interaction },
            start ?? new NoKernelZero()).Model;
    }

    /// <summary>Random kernels, those across scales too.</summary>
    private sealed class NoKernelZero : IKernelInitializer
    {
        private readonly RandomInitializer _random = new(3);

        public string Description => "test";

        public ConvKernel Kernel(ConvKernel source, KernelRequest request) =>
            _random.Kernel(source, request with { Joins = false });

        public float[] Bias(float[] source, IReadOnlyList<int[]> channels) => _random.Bias(source, channels);
    }

    private static Dictionary<Value, Tensor> Gradients(Model model)
    {
        using var scope = NewDisposeScope();
        using var network = new TorchNetwork(model, CPU);
        using var weights = network.Weights(trained: true);
        var output = network.Forward(weights, tensor(Input.Data, Input.Dims), model.Graph.Outputs[0])[0];
        (output * tensor(Weighing.Data, Weighing.Dims)).sum().backward();
        return network.Trainable.ToDictionary(v => v,
            v => new Tensor(weights[v].grad!.contiguous().data<float>().ToArray(), [.. v.Initializer!.Dims]));
    }

    // The slope of the weighed sum of ONNX Runtime's output along a direction between the gradient's, where it is largest, and a
    // random one.
    private static void Agrees(Model model, Value value, Tensor gradient)
    {
        const float step = 0.003f;
        var data = value.Initializer!;
        var direction = Unit([.. Unit(gradient.Data).Zip(Unit(RandomInput.Of(2, -1, 1, [.. data.Dims]).Data), (g, r) => g + r)]);
        var (up, down) = (At(step), At(-step));
        model.Graph.SetInitializer(value, data);
        var expected = (up - down) / (2 * step);
        var actual = direction.Zip(gradient.Data, (d, g) => (double)d * g).Sum();
        var largest = Math.Sqrt(gradient.Data.Sum(g => (double)g * g));
        Assert.True(Math.Abs(actual - expected) <= 0.01 * largest + 0.01,
            $"{value.Name}: {actual} where {expected} was measured, of {largest}");

        double At(float by)
        {
            model.Graph.SetInitializer(value,
                TensorData.Of(data.ToFloats().Zip(direction, (w, d) => w + by * d).ToArray(), [.. data.Dims]));
            using var session = OnnxSession.Open(OnnxFile.ToBytes(model), "net");
            return session.Run(Input).Data.Zip(Weighing.Data, (y, c) => (double)y * c).Sum();
        }
    }

    private static float[] Unit(float[] vector)
    {
        var length = Math.Sqrt(vector.Sum(v => (double)v * v));
        return Array.ConvertAll(vector, v => (float)(v / length));
    }
}
