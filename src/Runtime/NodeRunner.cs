using Microsoft.ML.OnnxRuntime;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Onnx;

namespace MsSrConvert.Runtime;

/// <summary>Computes single nodes of constants with ONNX Runtime.</summary>
public static class NodeRunner
{
    /// <summary>
    /// Every output of a node, or null where ONNX Runtime refuses it or gives something that isn't a plain tensor.
    /// </summary>
    /// <param name="node">A node of ONNX's own set whose inputs are initializers or absent; it isn't changed.</param>
    /// <param name="opset">The opset of its operator.</param>
    public static IReadOnlyList<TensorData>? Run(Node node, long opset)
    {
        OrtEnvironment.Get();
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            IntraOpNumThreads = 1,
        };
        try
        {
            using var session = new InferenceSession(OnnxFile.ToBytes(Alone(node, opset)), options);
            using var run = new RunOptions();
            using var results = session.Run(run, [], [], session.OutputNames);
            return [.. results.Select(Read)];
        }
        catch (Exception e) when (e is OnnxRuntimeException or NotSupportedException or MsSrException)
        {
            return null;
        }
    }

    private static Model Alone(Node node, long opset)
    {
        var model = new Model(new Graph("node")) { IrVersion = 10 };
        model.OpsetImports[""] = opset;
        var inputs = node.Inputs.OfType<Value>().Distinct().Select((v, i) => (v, i))
            .ToDictionary(p => p.v, p => model.Graph.AddInitializer($"in{p.i}", p.v.Initializer!));
        var outputs = node.Outputs.Select((_, i) => new Value($"out{i}")).ToArray();
        var copy = new Node(node.OpType, node.Inputs.Select(v => v is null ? null : inputs[v]), outputs, "node");
        model.Graph.Add(copy.WithAttributesOf(node));
        foreach (var output in outputs)
            model.Graph.AddOutput(output);
        return model;
    }

    private static TensorData Read(OrtValue value)
    {
        var type = value.IsTensor ? value.GetTensorTypeAndShape() : throw new NotSupportedException("It is no tensor.");
        var element = (ElementType)(int)type.ElementDataType;
        if (element.Bits() < 8)
            throw new NotSupportedException($"Elements of type {type.ElementDataType} aren't whole bytes.");
        return new TensorData(element, type.Shape, value.GetTensorMutableRawData().ToArray());
    }
}
