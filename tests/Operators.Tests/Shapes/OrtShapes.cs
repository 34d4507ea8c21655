using Microsoft.ML.OnnxRuntime;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Operators.Checking;

namespace MsSrConvert.Operators.Tests.Shapes;

/// <summary>What ONNX Runtime computes: the reference for inferred types and shapes.</summary>
internal static class OrtShapes
{
    /// <summary>
    /// Runs a model and gives the actual shape of every value its main graph computes, by name. The model is changed: all values
    /// become graph outputs and keep nothing but their inferred element type, so that a wrong element type fails to load.
    /// </summary>
    public static List<Dictionary<string, long[]>> Run(Model model, params IEnumerable<IReadOnlyDictionary<Value, long[]>> sizes)
    {
        var map = ShapeInference.Infer(model);
        foreach (var value in model.Graph.Nodes.SelectMany(n => n.Outputs).OfType<Value>())
        {
            var element = map.TypeOf(value)?.Element ?? ElementType.Undefined;
            value.Type = element == ElementType.Undefined ? null : new TensorType(element, null);
            if (!value.IsGraphOutput)
                model.Graph.AddOutput(value);
        }

        // Without optimisation every value of the graph survives under its name.
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        using var session = new InferenceSession(OnnxFile.ToBytes(model), options);
        List<Dictionary<string, long[]>> results = [.. sizes.Select(s => Run(session, s))];

        // What runs is never refused.
        OperandCheck.Run(model, "the model");
        return results;
    }

    /// <summary>What is inferred for inputs of the given dimensions.</summary>
    public static ShapeMap InferAt(Model model, IReadOnlyDictionary<Value, long[]> sizes) =>
        ShapeInference.Infer(model, sizes.ToDictionary(s => s.Key, s => Shape.Known(s.Value)));

    private static Dictionary<string, long[]> Run(InferenceSession session, IReadOnlyDictionary<Value, long[]> sizes)
    {
        var inputs = sizes.ToDictionary(s => s.Key.Name, s => Feed(s.Key.Tensor!.Element, s.Value));
        try
        {
            using var run = new RunOptions();
            using var outputs = session.Run(run, inputs, session.OutputNames);
            return session.OutputNames.Zip(outputs).ToDictionary(o => o.First, o => o.Second.GetTensorTypeAndShape().Shape);
        }
        finally
        {
            foreach (var feed in inputs.Values)
                feed.Dispose();
        }
    }

    private static OrtValue Feed(ElementType element, long[] dims)
    {
        var count = dims.Aggregate(1L, (product, dim) => product * dim);
        return element switch
        {
            ElementType.Float => OrtValue.CreateTensorValueFromMemory(new float[count], dims),
            ElementType.Float16 => OrtValue.CreateTensorValueFromMemory(new Float16[count], dims),
            ElementType.Int64 => OrtValue.CreateTensorValueFromMemory(new long[count], dims),
            ElementType.UInt8 => OrtValue.CreateTensorValueFromMemory(new byte[count], dims),
            ElementType.Bool => OrtValue.CreateTensorValueFromMemory(new bool[count], dims),
            _ => throw new NotSupportedException($"Inputs of type {element}."),
        };
    }
}
