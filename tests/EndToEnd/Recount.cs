using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Operators;
using MsSrConvert.Runtime;

namespace MsSrConvert.EndToEnd;

/// <summary>
/// Counts a model file by other means than the converter does: parameters are the file's tensors, multiply-adds follow from the
/// shapes that ONNX Runtime really computes.
/// </summary>
internal static class Recount
{
    /// <summary>The elements of all floating-point initializers but those that only resize: each tensor once.</summary>
    public static long Params(string path) => ModelFile.Read(path).Graph.Initializers
        .Where(v => v.Initializer!.Element == ElementType.Float && !v.Uses.All(use => use.Node.OpType == "Resize"))
        .Sum(v => v.Initializer!.Count);

    /// <summary>Multiply-adds of all convs at an input of (1, 3, side, side).</summary>
    public static long Macs(string path, int side)
    {
        var model = ModelFile.Read(path);
        var convs = model.Graph.Nodes.Where(n => n.OpType == "Conv").ToList();
        foreach (var conv in convs.Where(c => !c.Output.IsGraphOutput))
            model.Graph.AddOutput(conv.Output);
        using var session = OnnxSession.Open(OnnxFile.ToBytes(model), path);
        var outputs = session.Run(
            new Dictionary<string, Tensor>
            { [session.Inputs[0].Name] = RandomInput.For(session.Inputs[0], side, side) });
        return convs.Sum(conv =>
        {
            // Every output element is a sum over the kernel's window and its input channels.
            var dims = conv.Input(1)!.Initializer!.Dims;
            return outputs[conv.Output.Name].Count * dims[1] * dims[2] * dims[3];
        });
    }
}
