using MsSrConvert.Calibration.Gradients;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Operators;
using MsSrConvert.Operators.Versions;
using MsSrConvert.Runtime;

namespace MsSrConvert.Calibration.Sweeps;

/// <summary>What one patch gave.</summary>
/// <param name="Output">The network's output.</param>
/// <param name="Gradient">How the error changes with a kernel or bias, or null where that isn't known.</param>
internal sealed record GradientRun(Tensor Output, Func<Value, Tensor?> Gradient);

/// <summary>
/// The network extended by its own gradients: one run gives its output, and how the error changes with every kernel.
/// </summary>
internal sealed class GradientModel : IDisposable
{
    private const string Target = "mssr/target";
    private const string Keep = "mssr/keep";

    private readonly OnnxSession _session;
    private readonly string _output;
    private readonly Dictionary<string, string> _gradients;

    private GradientModel(OnnxSession session, string output, Dictionary<string, string> gradients) =>
        (_session, _output, _gradients) = (session, output, gradients);

    /// <summary>Builds the extended model, or gives the node that stands in the way.</summary>
    /// <param name="student">The converted model.</param>
    /// <param name="shapes">Its input shapes by name.</param>
    /// <param name="output">Its output's name.</param>
    /// <param name="kernels">The initializers whose gradients to give; a shared kernel's is the sum over its uses.</param>
    /// <param name="missing">The node without a gradient, when null is returned.</param>
    public static GradientModel? Build(
        Model student, IReadOnlyDictionary<string, Shape> shapes, string output, IReadOnlyCollection<Value> kernels,
        out Node? missing)
    {
        var model = student.Copy();
        var graph = model.Graph;
        Lowering.Apply(model, GradientBuilder.Knows);
        var byName = graph.Values.ToDictionary(v => v.Name);
        var map = ShapeInference.Infer(model,
            graph.Inputs.Where(v => shapes.ContainsKey(v.Name)).ToDictionary(v => v, v => shapes[v.Name]));
        var y = byName[output];
        var type = new TensorType(y.Tensor?.Element ?? ElementType.Float, null);
        var target =
            graph.AddInput(new Value(Target, new TensorType(type.Element, new Shape(Enumerable.Repeat(Dim.Unknown, 4)))));
        var keep = graph.AddInput(new Value(Keep, new TensorType(type.Element, new Shape(Dim.Known(1)))));
        var (kept, error) = (new Value("mssr/kept"), new Value("mssr/error"));
        graph.Add(new Node("Mul", [y, keep], [kept], "mssr/kept"));
        graph.Add(new Node("Sub", [kept, target], [error], "mssr/error"));
        var gradients = GradientBuilder.Append(model, map, y, error, [.. kernels.Select(k => byName[k.Name])], out missing);
        if (gradients is null)
            return null;
        foreach (var value in gradients.Values)
        {
            value.Type = type;
            graph.AddOutput(value);
        }

        model.Metadata.Clear();
        var session = OnnxSession.Open(OnnxFile.ToBytes(model), "the model with gradients",
            new OnnxSessionOptions { Spinning = true });
        return new GradientModel(session, output, gradients.ToDictionary(g => g.Key.Name, g => g.Value.Name));
    }

    /// <summary>Runs on a patch; the error is <paramref name="keep"/> times the output, minus the target.</summary>
    public GradientRun Run(IReadOnlyDictionary<string, Tensor> patch, Tensor target, float keep)
    {
        var results = _session.Run(new Dictionary<string, Tensor>(patch) { [Target] = target, [Keep] = new([keep], 1) });
        return new GradientRun(results[_output],
            value => _gradients.TryGetValue(value.Name, out var name) ? results[name] : null);
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();
}
