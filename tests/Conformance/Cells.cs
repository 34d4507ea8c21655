using MsSrConvert.Calibration.Sweeps;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Operators;
using MsSrConvert.Passes;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Tests.Oracle;
using MsSrConvert.Runtime;
using MsSrConvert.Training.Engine;
using MsSrConvert.Training.Execution;
using Torch = TorchSharp.torch;

namespace MsSrConvert.Conformance;

/// <summary>Finds out whether a form works in a column.</summary>
internal static class Cells
{
    private const double Tolerance = 1e-4;
    private static readonly (int, int)[] Sizes = [(16, 16), (12, 20)];

    private static readonly Lazy<Torch.Device> Processor = new(() =>
    {
        // Right on every processor; that the fast form is too is checked elsewhere.
        Training.TorchDevice.Choose(EngineForm.All.First(f => !f.OneDnn), cuda: false, threads: 1);
        return Torch.CPU;
    });

    /// <summary>Why the form doesn't work there; null where it does.</summary>
    public static string? Fault(Form form, Column column)
    {
        try
        {
            return column switch
            {
                Column.Shapes => Shapes(form),
                Column.Branches => Branches(form),
                Column.Opsets => Opsets(form),
                Column.Gradient => Gradient(form),
                Column.Training => Train(form),
                _ => PythonRun.Faults.Value[form.Name],
            };
        }
        catch (MsSrException e)
        {
            return e.Diagnostic.Message;
        }
    }

    /// <summary>Noise for the form's input.</summary>
    public static Tensor Input(Form form) => RandomInput.Of(3, form.Range.Low, form.Range.High, form.Dims);

    /// <summary>What ONNX Runtime computes, in the order of the model's outputs.</summary>
    public static Tensor[] Run(Model model, Tensor input)
    {
        using var session = OnnxSession.Open(OnnxFile.ToBytes(model), "form", new OnnxSessionOptions { Threads = 1 });
        var results = session.Run(new Dictionary<string, Tensor> { ["input"] = input });
        return [.. model.Graph.Outputs.Select(o => results[o.Name])];
    }

    private static string? Shapes(Form form)
    {
        var model = form.Alone();
        var map = ShapeInference.Infer(model);
        var found = model.Graph.Outputs.Select(o => map.ShapeOf(o)?.ToString() ?? "unknown");
        var expected = Run(model, Input(form)).Select(t => Shape.Known(t.Dims).ToString());
        return found.SequenceEqual(expected) ? null : $"finds {string.Join(", ", found)}, not {string.Join(", ", expected)}";
    }

    private static string? Opsets(Form form)
    {
        var (model, input) = (form.Alone(), Input(form));
        var expected = Run(model, input);
        for (var opset = OpsetRange.Oldest; opset <= OpsetRange.Newest; opset++)
        {
            var other = model.Copy();
            try
            {
                new PassRunner().Run(other, new PassContext(), new SetOpset(opset));
            }
            catch (MsSrException e)
            {
                return $"not in opset {opset}: {e.Diagnostic.Message}";
            }

            if (Difference(Run(other, input), expected) is { } difference)
                return $"in opset {opset} {difference}";
        }

        return null;
    }

    private static string? Train(Form form)
    {
        var (model, input) = (form.Alone(), Input(form));
        var device = Processor.Value;
        using var scope = Torch.NewDisposeScope();
        using var noGradients = Torch.no_grad();
        using var network = new TorchNetwork(model, device);
        using var weights = network.Weights(trained: false);
        var outputs = network.Forward(weights, Torch.tensor(input.Data, input.Dims), model.Graph.Outputs);
        return Difference(
            [.. outputs
                .Select(o => new Tensor(o.to_type(Torch.ScalarType.Float32).contiguous().data<float>().ToArray(), o.shape))],
                Run(model, input));
    }

    // The input times a factor for every place of the last axis; the error is half the squared distance to a target.
    private static string? Gradient(Form form)
    {
        const string factors = "factors";
        const float step = 1e-2f;
        var count = form.Dims[^1];
        var start = RandomInput.Of(9, 0.95f, 1.05f, count).Data;
        var input = AwayFromKinks(form);
        var model = form
            .Alone(
                (graph, x) =>
                    graph.Add(
                        new Node("Mul", [x, graph.AddInitializer(factors, TensorData.Of(start, count))], [new Value("scaled")],
                            "scale")).Output);
        Flatten(model);
        var output = model.Graph.Outputs[0].Name;
        var value = model.Graph.Initializers.First(v => v.Name == factors);
        using var gradients = GradientModel.Build(model, new Dictionary<string, Shape> { ["input"] = Shape.Known(form.Dims) },
            output, [value], out var missing);
        if (gradients is null)
            return $"there is no gradient of {missing}";
        var target = RandomInput.Of(5, -1, 1, 1, 1, 1, Run(model, input)[0].Data.Length);
        var run = gradients.Run(new Dictionary<string, Tensor> { ["input"] = input }, target, 1);
        if (run.Gradient(value) is not { } analytic)
            return "it has no gradient";
        var largest = analytic.Data.Max(Math.Abs);
        for (var i = 0; i < count; i++)
        {
            var numeric = (Loss(i, step) - Loss(i, -step)) / (2 * step);
            if (!(Math.Abs(numeric - analytic.Data[i]) <= 0.02 * largest + 1e-3))
                return $"its gradient is {analytic.Data[i]}, where small changes give {numeric}";
        }

        return null;

        double Loss(int element, float change)
        {
            var changed = start.ToArray();
            changed[element] += change;
            model.Graph.SetInitializer(value, TensorData.Of(changed, count));
            return Run(model, input)[0].Data.Zip(target.Data, (v, t) => 0.5 * ((double)v - t) * ((double)v - t)).Sum();
        }
    }

    // Not near 0, 0.5 and 1, where activations bend or jump.
    private static Tensor AwayFromKinks(Form form)
    {
        var input = Input(form);
        var middle = form.Range.Low < 0 && form.Range.High > 0;
        for (var i = 0; middle && i < input.Data.Length; i++)
            input.Data[i] = (input.Data[i] >= 0 ? 0.7f : -0.7f) + 0.1f * input.Data[i];
        return input;
    }

    // All outputs as one row.
    private static void Flatten(Model model)
    {
        var graph = model.Graph;
        var shape = graph.AddInitializer("row", TensorData.Of([1L, 1, 1, -1], 4));
        var rows = graph.Outputs.ToArray()
            .Select((o, i) => graph.Add(new Node("Reshape", [o, shape], [new Value($"row{i}")], $"row{i}")).Output).ToArray();
        var all = graph.Add(
            new Node("Concat", rows, [new Value("all", new TensorType(ElementType.Float, null))], "all")).With("axis", 3).Output;
        foreach (var output in graph.Outputs.Skip(1).ToArray())
            graph.ReplaceOutput(output, graph.Outputs[0]);
        graph.ReplaceOutput(graph.Outputs[0], all);
    }

    private static string? Branches(Form form)
    {
        if (form.Dims is not [1, _, _, _])
            return "it doesn't read a feature map";
        if (Network(form) is null)
            return "it doesn't give a feature map";
        var options = new ConversionOptions { Branches = 2 };
        var plan = Converter.Convert(Network(form)!, options, new HandThroughStart()).Plan;
        if (plan.Layouts.Keys.All(v => v is not ("features" or "y0")))
            return plan.Convs[0].Reason;
        var result = IdentityOracle.Check(() => Network(form)!, options, Sizes);
        return result.Differences.FirstOrDefault();
    }

    // A conv from 3 channels, the node, and a conv to 3 channels behind every output; null where an output is no feature map.
    private static Model? Network(Form form)
    {
        var model = form.Empty();
        var graph = model.Graph;
        var image =
            graph.AddInput(new Value("input", new TensorType(ElementType.Float, new Shape(1, 3, Dim.Of("h"), Dim.Of("w")))));
        var node = form.AddNode(graph, Conv(graph, image, "features", 3, form.Dims[1]));
        var shapes = ShapeInference.Infer(model);
        foreach (var output in node.Outputs.OfType<Value>())
        {
            if (shapes.TypeOf(output) is not { Element: ElementType.Float, Shape: { Rank: 4 } shape } || !shape[1].IsKnown)
                return null;
            // A Pad stands for the pads of the conv behind it.
            var y = Conv(graph, output, $"out_{output.Name}", shape[1].Value, 3, form.Op == "Pad" ? 0 : 1);
            y.Type = new TensorType(ElementType.Float, null);
            graph.AddOutput(y);
        }

        return model;
    }

    private static Value Conv(Graph graph, Value x, string name, long from, long to, long pad = 1)
    {
        var kernel = graph.AddInitializer($"{name}_kernel",
            TensorData.Of(RandomInput.Of((ulong)from, -0.3f, 0.3f, to, from, 3, 3).Data, to, from, 3, 3));
        var bias = graph.AddInitializer($"{name}_bias", TensorData.Of(RandomInput.Of((ulong)to, -0.1f, 0.1f, to).Data, to));
        return graph.Add(
            new Node("Conv", [x, kernel, bias], [new Value(name)], $"conv_{name}").With("pads", [pad, pad, pad, pad])).Output;
    }

    private static string? Difference(Tensor[] actual, Tensor[] expected)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            if (!actual[i].Dims.AsSpan().SequenceEqual(expected[i].Dims))
                return $"gives {actual[i]}, not {expected[i]}";
            var largest = expected[i].Data.Select(Math.Abs).DefaultIfEmpty(0).Max();
            var difference = actual[i].Data.Zip(expected[i].Data, (a, b) => Math.Abs(a - b)).DefaultIfEmpty(0).Max();
            if (!(difference <= Tolerance * Math.Max(largest, 1e-6f)))
                return $"differs by {difference} of {largest}";
        }

        return null;
    }
}
