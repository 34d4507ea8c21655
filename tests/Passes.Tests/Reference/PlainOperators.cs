using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Tests.Reference;

/// <summary>ONNX operators as their definitions have them, in double precision and direct loops.</summary>
internal static class PlainOperators
{
    /// <summary>Computes the outputs of a node.</summary>
    public static NdArray[] Evaluate(Node node, IReadOnlyList<NdArray?> inputs)
    {
        if (node.OpType is "Conv" or "ConvTranspose")
        {
            return [PlainConvolution.Convolve(node, inputs[0]!, inputs[1]!, inputs.ElementAtOrDefault(2),
                (int)node.GetInt("group", 1))];
        }

        if (node.Is("Constant"))
            return [NdArray.Of(((TensorAttribute)node.Attributes["value"]).Value)];
        if (PlainElementwise.Unary(node, inputs) is { } unary)
            return [inputs[0]!.Map(unary)];
        if (PlainElementwise.Binary(node.OpType) is { } binary)
            return [inputs.OfType<NdArray>().Aggregate((a, b) => PlainElementwise.Broadcast(a, b, binary))];
        return PlainPooling.IsGlobal(node) ? [PlainPooling.Reduce(node.OpType, inputs[0]!)] : Other(node, inputs[0]!, inputs);
    }

    private static NdArray[] Other(Node node, NdArray x, IReadOnlyList<NdArray?> inputs) => node.OpType switch
    {
        "Mean" => [inputs.OfType<NdArray>().Aggregate((a, b) => a.Plus(b)).Map(v => v / inputs.Count)],
        "BatchNormalization" => [PlainElementwise.BatchNormalization(node, x, inputs)],
        "InstanceNormalization" => [PlainElementwise.InstanceNormalization(node, x, inputs)],
        "AveragePool" or "MaxPool" => [PlainPooling.Pool(node, x)],
        "Concat" => [PlainMovement.Concat([.. inputs.Select(i => i!)], (int)node.GetInt("axis", 1))],
        "Split" => Split(node, x, [.. inputs[1]!.Data.Select(d => (int)d)]),
        "Slice" => [PlainMovement.Slice(x, inputs)],
        "DepthToSpace" =>
            [PlainMovement.DepthToSpace(x, (int)node.GetInt("blocksize", 1), node.GetString("mode", "DCR") == "CRD")],
        "SpaceToDepth" => [PlainMovement.SpaceToDepth(x, (int)node.GetInt("blocksize", 1))],
        "Resize" => [PlainMovement.Resize(node, x, inputs)],
        "Softmax" when node.GetInt("axis", -1) == 1 => [PlainElementwise.Softmax(x)],
        "Shape" => [NdArray.Vector(x.Dims)],
        "Gather" => [NdArray.Vector([.. inputs[1]!.Data.Select(i => x.Data[(int)i])])],
        "Pad" => [PlainMovement.Pad(x, [.. inputs[1]!.Data.Select(p => (int)p)], node.GetString("mode", "constant"))],
        "Reshape" => [new NdArray(x.Data, [.. inputs[1]!.Data.Select((d, i) => d == 0 ? x.Dims[i] : (int)d)])],
        _ => throw new NotSupportedException($"The reference doesn't know {node}."),
    };

    private static NdArray[] Split(Node node, NdArray x, int[] lengths)
    {
        var axis = (int)node.GetInt("axis", 0);
        var start = 0;
        return [.. lengths.Select(length => PlainMovement.Slice(x, axis, start, start += length))];
    }
}
