using MsSrConvert.Calibration.Features;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Runtime;

namespace MsSrConvert.Calibration.Solving;

/// <summary>
/// Products of matrices whose rows are planes: ONNX Runtime's own, the fastest at hand, on models of one node.
/// </summary>
/// <param name="cancellation">Ends the work.</param>
/// <param name="heapLimit">Bytes of managed memory beyond which garbage is collected at once.</param>
internal sealed class PlaneProducts(CancellationToken cancellation = default, long heapLimit = long.MaxValue) : IDisposable
{
    private readonly OnnxSession _sums = Open(transposed: true);
    private readonly OnnxSession _mixtures = Open(transposed: false);

    /// <summary>
    /// Sums over all pixels of the product of every plane of <paramref name="a"/> with every plane of <paramref name="b"/>, row
    /// by row.
    /// </summary>
    /// <exception cref="OperationCanceledException">The work is to end: all that takes long comes by here.</exception>
    public float[] Of(Planar a, Planar b) => Run(_sums, new(a.Data, a.Count, a.Pixels), b);

    /// <summary>Mixtures of planes: each is their sum with weights.</summary>
    /// <param name="weights">Mixtures × planes.</param>
    /// <param name="planes">The planes.</param>
    /// <exception cref="OperationCanceledException">The work is to end.</exception>
    public Planar Mix(float[] weights, Planar planes)
    {
        var count = weights.Length / planes.Count;
        return new Planar(Run(_mixtures, new(weights, count, planes.Count), planes), count, planes.Height, planes.Width);
    }

    private float[] Run(OnnxSession session, Tensor a, Planar b)
    {
        cancellation.ThrowIfCancellationRequested();
        // As long as the machine has memory the collector lets garbage pile up; what may be used here can be far less.
        if (GC.GetTotalMemory(forceFullCollection: false) > heapLimit)
            GC.Collect();
        return session.Run(new Dictionary<string, Tensor> { ["a"] = a, ["b"] = new(b.Data, b.Count, b.Pixels) })["c"].Data;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sums.Dispose();
        _mixtures.Dispose();
    }

    private static OnnxSession Open(bool transposed)
    {
        var graph = new Graph("product");
        Value Matrix(string name) => new(name, new TensorType(ElementType.Float, new Shape([Dim.Unknown, Dim.Unknown])));
        var (a, b, c) = (graph.AddInput(Matrix("a")), graph.AddInput(Matrix("b")), Matrix("c"));
        graph.Add(new Node("Gemm", [a, b], [c], "product").With("transB", transposed ? 1 : 0));
        graph.AddOutput(c);
        var model = new Model(graph);
        model.OpsetImports[""] = 13;
        return OnnxSession.Open(OnnxFile.ToBytes(model), "a matrix product", new OnnxSessionOptions { Spinning = true });
    }
}
