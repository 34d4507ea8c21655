using MsSrConvert.Calibration.Features;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Runtime;

namespace MsSrConvert.Calibration.Solving;

/// <summary>
/// Sums over all pixels of products of planes, A·Bᵀ: ONNX Runtime's own matrix product, the fastest at hand, on a model of one node.
/// </summary>
/// <param name="cancellation">Ends the work.</param>
/// <param name="heapLimit">Bytes of managed memory beyond which garbage is collected at once.</param>
internal sealed class PlaneProducts(CancellationToken cancellation = default, long heapLimit = long.MaxValue) : IDisposable
{
    private readonly OnnxSession _session = OnnxSession.Open(OnnxFile.ToBytes(OneProduct()), "a matrix product", new OnnxSessionOptions { Spinning = true });

    /// <summary>Products of every plane of <paramref name="a"/> with every plane of <paramref name="b"/>, row by row.</summary>
    /// <exception cref="OperationCanceledException">The work is to end: all that takes long comes by here.</exception>
    public float[] Of(Planar a, Planar b)
    {
        cancellation.ThrowIfCancellationRequested();
        // As long as the machine has memory the collector lets garbage pile up; what may be used here can be far less.
        if (GC.GetTotalMemory(forceFullCollection: false) > heapLimit)
            GC.Collect();
        return _session.Run(new Dictionary<string, Tensor>
        {
            ["a"] = new(a.Data, a.Count, a.Pixels),
            ["b"] = new(b.Data, b.Count, b.Pixels),
        })["c"].Data;
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private static Model OneProduct()
    {
        var graph = new Graph("product");
        Value Matrix(string name) => new(name, new TensorType(ElementType.Float, new Shape([Dim.Unknown, Dim.Unknown])));
        var (a, b, c) = (graph.AddInput(Matrix("a")), graph.AddInput(Matrix("b")), Matrix("c"));
        graph.Add(new Node("Gemm", [a, b], [c], "product").With("transB", 1));
        graph.AddOutput(c);
        var model = new Model(graph);
        model.OpsetImports[""] = 13;
        return model;
    }
}
