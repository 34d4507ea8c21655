using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Runtime;

namespace MsSrConvert.Calibration.Features;

/// <summary>
/// The part of a graph that lies between values at hand and values wanted, as a model of its own that ONNX Runtime can run.
/// </summary>
internal sealed class GraphSlice : IDisposable
{
    private readonly OnnxSession _session;

    private GraphSlice(OnnxSession session) => _session = session;

    /// <summary>Names of the values at hand that the slice reads.</summary>
    public IEnumerable<string> Inputs => _session.Inputs.Select(i => i.Name);

    /// <summary>Cuts a slice out.</summary>
    /// <param name="model">The model it is cut from; not changed.</param>
    /// <param name="known">True for values at hand; graph inputs must be.</param>
    /// <param name="ranks">The rank of a value at hand.</param>
    /// <param name="wanted">The values to compute; none of them at hand.</param>
    public static GraphSlice Cut(Model model, Func<Value, bool> known, Func<Value, int> ranks, IReadOnlyCollection<Value> wanted)
    {
        var needed = ModelCopy.Needed(known, wanted).ToDictionary(v => v.Name, ranks);
        var slice = model.Extract(known, wanted);
        // Declared sizes are those of the model's own input, not of a patch.
        foreach (var value in slice.Graph.Nodes.SelectMany(n => n.Outputs).OfType<Value>())
            value.Type = value.IsGraphOutput ? new TensorType(ElementOf(value), null) : null;
        foreach (var input in slice.Graph.Inputs)
            input.Type = new TensorType(ElementOf(input), new Shape(Enumerable.Repeat(Dim.Unknown, needed[input.Name])));
        return new GraphSlice(OnnxSession.Open(OnnxFile.ToBytes(slice), "a part of the model"));
    }

    /// <summary>Runs the slice.</summary>
    public IReadOnlyDictionary<string, Tensor> Run(IReadOnlyDictionary<string, Tensor> inputs) => _session.Run(inputs);

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private static ElementType ElementOf(Value value) => value.Tensor?.Element ?? ElementType.Float;
}
