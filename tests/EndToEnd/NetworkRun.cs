using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Operators;
using MsSrConvert.Runtime;

namespace MsSrConvert.EndToEnd;

/// <summary>Runs network files in ONNX Runtime.</summary>
internal static class NetworkRun
{
    /// <summary>
    /// The outputs by name for seeded noise; open dimensions get the given ones, a list of factors enlarges by 2.
    /// </summary>
    /// <exception cref="MsSrException">The network doesn't load or doesn't take that size.</exception>
    public static IReadOnlyDictionary<string, Tensor> At(string path, int height, int width, int batch = 1)
    {
        using var session = OnnxSession.Open(path);
        return session.Run(session.Inputs.ToDictionary(i => i.Name, i =>
        {
            var input = RandomInput.For(i, height, width, seed: 7);
            if (i.Shape.Rank == 1)
                return new Tensor([1, 1, 2, 2], 4);
            return i.Shape.Rank == 4 && !i.Shape[0].IsKnown ? RandomInput.Of(7, 0, 1, [batch, .. input.Dims[1..]]) : input;
        }));
    }

    /// <summary>A copy of a network whose batch dimension is open.</summary>
    public static void OpenBatch(string path, string copy)
    {
        var model = ModelFile.Read(path);
        var input = model.Graph.Inputs[0];
        input.Type = new TensorType(input.Tensor!.Element, input.Shape!.With(0, Dim.Of("batch")));
        // What the file says of other shapes holds for the old batch.
        foreach (var value in model.Graph.Nodes.SelectMany(n => n.Outputs).OfType<Value>())
            value.Type = value.IsGraphOutput ? new TensorType(value.Tensor!.Element, null) : null;
        OnnxFile.Write(model, copy);
    }
}
