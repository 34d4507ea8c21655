using System.Globalization;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Runtime;
using MsSrConvert.Training.Execution;
using MsSrConvert.Training.Operators;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;
using Tensor = MsSrConvert.Runtime.Tensor;

namespace MsSrConvert.Training.Engine;

/// <summary>
/// A Conv or ConvTranspose of one size, computed forwards and backwards by the code that trainings run through, on noise.
/// </summary>
/// <param name="Operator"><c>Conv</c> or <c>ConvTranspose</c>.</param>
/// <param name="Input">The input (N,C,H,W).</param>
/// <param name="Kernel">The kernel's dimensions: (M, C/group, KH, KW), or (C, M/group, KH, KW) for ConvTranspose.</param>
/// <param name="Pads">Rows above, columns left, rows below, columns right.</param>
/// <param name="Strides">Step down and right.</param>
/// <param name="Dilations">Distance of the kernel's rows and columns.</param>
/// <param name="Group">How many parts the channels are taken in.</param>
internal sealed record ConvolutionCase(string Operator, long[] Input, long[] Kernel, long[] Pads, long[] Strides,
    long[] Dilations, long Group)
{
    private const int Samples = 160;

    // A single wrong element puts the balance off by about 1, the rounding of millions by some thousandths.
    private const double ImbalanceShare = 0.02;

    private bool IsTransposed => Operator == "ConvTranspose";

    /// <summary>Multiply-adds of computing it forwards, roughly.</summary>
    public long Work =>
        Input[0] * Input[2] * Input[3] * Kernel.Aggregate(1L, (p, d) => p * d) / (IsTransposed ? 1 : Strides[0] * Strides[1]);

    /// <summary>The case of a node with a batch of another size.</summary>
    public ConvolutionCase WithBatch(long batch) => this with { Input = [batch, .. Input[1..]] };

    /// <summary>The case of a node; null where the node isn't a convolution of known size.</summary>
    public static ConvolutionCase? Of(Node node, ShapeMap shapes)
    {
        if (!(node.Is("Conv") || node.Is("ConvTranspose"))
            || shapes.ShapeOf(node.Input(0)!) is not { IsKnown: true, Rank: 4 } input
            || shapes.ShapeOf(node.Input(1)!) is not { IsKnown: true } kernel || node.GetInts("output_padding") is not null)
        {
            return null;
        }

        var window = Window.Of(new NodeContext(node, shapes));
        return new ConvolutionCase(node.OpType, input.ToArray(), kernel.ToArray(), window.Pads, window.Strides, window.Dilations,
            node.GetInt("group", 1));
    }

    /// <summary>
    /// How far result and gradients are from what they should be, as shares of their own size; the worst of them.
    /// </summary>
    /// <param name="operators">How operators are computed.</param>
    /// <param name="device">Execution device.</param>
    /// <param name="seed">Chooses the noise.</param>
    public double Error(TorchOperators operators, Device device, ulong seed)
    {
        var model = OneNode(seed);
        var input = RandomInput.Of(seed + 2, -1, 1, Input);
        var (result, weighing, gradients) = Compute(model, input, operators, device, seed);
        var (kernel, bias) = (Numbers(model, 0), Numbers(model, 1));
        var plain = new PlainConvolution(kernel, Pads[..2], Strides, Dilations, Group);
        var sums = ChannelSums(weighing);
        return new[]
        {
            Off(result, seed + 4, at => bias.Data[at[1]] + (IsTransposed ? plain.ImageAt(input, at) : plain.ResultAt(input, at))),
            Off(gradients[0], seed + 5, at => IsTransposed ? plain.ResultAt(weighing, at) : plain.ImageAt(weighing, at)),
            Off(gradients[1], seed + 6,
                at => IsTransposed ? plain.KernelAt(weighing, input, at) : plain.KernelAt(input, weighing, at)),
            Off(gradients[2], seed + 7, at => sums[at[0]]),
            ImbalanceShare * Imbalance(result, weighing, bias, (input, gradients[0])),
            ImbalanceShare * Imbalance(result, weighing, bias, (kernel, gradients[1])),
        }.Max(e => double.IsNaN(e) ? double.PositiveInfinity : e);
    }

    private Model OneNode(ulong seed)
    {
        var model = new Model(new Graph("convolution")) { IrVersion = 8 };
        model.OpsetImports[""] = 13;
        var graph = model.Graph;
        var x = graph.AddInput(new Value("x", new TensorType(ElementType.Float, Shape.Known(Input))));
        var outputs = IsTransposed ? Kernel[1] * Group : Kernel[0];
        Value?[] inputs = [x, Noise("kernel", seed, Kernel), Noise("bias", seed + 1, [outputs])];
        var node = graph.Add(new Node(Operator, inputs, [new Value("y", new TensorType(ElementType.Float, null))], "convolution"))
            .With("group", Group).With("pads", Pads).With("strides", Strides).With("dilations", Dilations);
        graph.AddOutput(node.Output);
        return model;

        Value Noise(string name, ulong chosen, long[] dims) =>
            graph.AddInitializer(name, TensorData.Of(RandomInput.Of(chosen, -1, 1, dims).Data, dims));
    }

    // The result, the noise that its gradient is, and the gradients of input, kernel and bias.
    private static (Tensor Result, Tensor Weighing, Tensor[] Gradients) Compute(Model model, Tensor input,
        TorchOperators operators, Device device, ulong seed)
    {
        using var scope = NewDisposeScope();
        using var network = new TorchNetwork(model, device, operators);
        using var weights = network.Weights(trained: true);
        using var x = tensor(input.Data, input.Dims).to(device).requires_grad_(true);
        var result = network.Forward(weights, x, model.Graph.Outputs[0])[0];
        var weighing = RandomInput.Of(seed + 3, -1, 1, result.shape);
        (result * tensor(weighing.Data, weighing.Dims).to(device)).sum().backward();
        return (Read(result), weighing, [Read(x.grad!), .. network.Trainable.Select(v => Read(weights[v].grad!))]);
    }

    private static Tensor Read(TorchSharp.torch.Tensor tensor) =>
        new(tensor.detach().cpu().contiguous().data<float>().ToArray(), tensor.shape);

    private static Tensor Numbers(Model model, int index)
    {
        var data = model.Graph.Initializers.ElementAt(index).Initializer!;
        return new Tensor(data.ToFloats(), [.. data.Dims]);
    }

    // The largest error at some elements, the corners among them, as a share of the elements' root mean square.
    private static double Off(Tensor actual, ulong seed, Func<long[], double> expected)
    {
        var places = RandomInput.Of(seed, 0, actual.Data.Length,
            Math.Min(Samples, actual.Data.Length)).Data.Select(f => Math.Min((long)f, actual.Data.Length - 1));
        var (most, squares, count) = (0.0, 0.0, 0);
        foreach (var place in places.Append(0).Append(actual.Data.Length - 1))
        {
            var right = expected(Unravel(place, actual.Dims));
            var error = Math.Abs(actual.Data[place] - right);
            (most, squares, count) = (Math.Max(most, error), squares + right * right, count + 1);
        }

        return most == 0 ? 0 : most / Math.Sqrt(squares / count);
    }

    // A convolution without its bias is linear in its input and in its kernel. Weighed by v, the result's sum is therefore that
    // of the input weighed by its gradient, and of the kernel by its own: one equation in which every element stands, here as a
    // share of one element's usual size.
    private static double Imbalance(Tensor result, Tensor weighing, Tensor bias, (Tensor Value, Tensor Gradient) side)
    {
        var (sum, squares, area) = (0.0, 0.0, result.Dims[2] * result.Dims[3]);
        for (var i = 0; i < result.Data.Length; i++)
        {
            var value = (double)result.Data[i] - bias.Data[i / area % bias.Data.Length];
            (sum, squares) = (sum + value * weighing.Data[i], squares + value * value);
        }

        var other = 0.0;
        for (var i = 0; i < side.Value.Data.Length; i++)
            other += (double)side.Value.Data[i] * side.Gradient.Data[i];
        return Math.Abs(sum - other) / Math.Sqrt(squares / result.Data.Length);
    }

    private static double[] ChannelSums(Tensor tensor)
    {
        var (sums, area) = (new double[tensor.Dims[1]], tensor.Dims[2] * tensor.Dims[3]);
        for (var i = 0; i < tensor.Data.Length; i++)
            sums[i / area % sums.Length] += tensor.Data[i];
        return sums;
    }

    private static long[] Unravel(long place, long[] dims)
    {
        var at = new long[dims.Length];
        for (var axis = dims.Length - 1; axis >= 0; axis--)
            (place, at[axis]) = Math.DivRem(place, dims[axis]);
        return at;
    }

    /// <summary><c>3×3 Conv, 64 to 64 channels, of [2, 64, 48, 48]</c>.</summary>
    public override string ToString()
    {
        var (from, to) = (Input[1], IsTransposed ? Kernel[1] * Group : Kernel[0]);
        List<string> more = [];
        if (Strides.Any(s => s != 1))
            more.Add(string.Create(CultureInfo.InvariantCulture, $"stride {Strides[0]}×{Strides[1]}"));
        if (Dilations.Any(d => d != 1))
            more.Add(string.Create(CultureInfo.InvariantCulture, $"dilation {Dilations[0]}×{Dilations[1]}"));
        if (Group != 1)
            more.Add(string.Create(CultureInfo.InvariantCulture, $"{Group} groups"));
        if (Pads.Any(p => p != 0))
            more.Add($"pads {string.Join(' ', Pads)}");
        return string.Create(CultureInfo.InvariantCulture,
            $"{Kernel[2]}×{Kernel[3]} {Operator}, {from} to {to} channels{string.Concat(more.Select(m => ", " + m))}, of [{string.Join(", ", Input)}]");
    }
}
