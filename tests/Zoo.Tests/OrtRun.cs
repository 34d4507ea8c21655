using Microsoft.ML.OnnxRuntime;

namespace MsSrConvert.Zoo.Tests;

/// <summary>One run of a network in ONNX Runtime on a fixed pattern of numbers in [0, 1).</summary>
internal static class OrtRun
{
    /// <summary>The outputs' shapes and elements, in the model's order.</summary>
    public static IReadOnlyList<(long[] Shape, float[] Elements)> Run(byte[] model, ZooEntry entry, long batch, long height,
        long width)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        options.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;
        using var session = new InferenceSession(model, options);
        var feeds = session.InputMetadata
            .Where(input => !session.OverridableInitializerMetadata.ContainsKey(input.Key))
            .ToDictionary(input => input.Key, input => Feed(input.Value, entry.ChannelsLast, batch, height, width));
        using var run = new RunOptions();
        using var results = session.Run(run, feeds, session.OutputNames);
        var outputs = results.Select(Read).ToList();
        foreach (var feed in feeds.Values)
            feed.Dispose();
        return outputs;
    }

    private static OrtValue Feed(NodeMetadata input, bool channelsLast, long batch, long height, long width)
    {
        if (input.Dimensions.Length == 1)
            return OrtValue.CreateTensorValueFromMemory(new float[] { 1, 1, 2, 2 }, [4]);
        long channels = input.Dimensions[channelsLast ? 3 : 1];
        long[] shape = channelsLast ? [batch, height, width, channels] : [batch, channels, height, width];
        var pattern = new float[batch * channels * height * width];
        for (var i = 0; i < pattern.Length; i++)
            pattern[i] = (i + 1) * 7919 % 1009 / 1009f;
        return input.ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float16
            ? OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(pattern, x => (Float16)x), shape)
            : OrtValue.CreateTensorValueFromMemory(pattern, shape);
    }

    private static (long[] Shape, float[] Elements) Read(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        var elements = info.ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float16
            ? Array.ConvertAll(value.GetTensorDataAsSpan<Float16>().ToArray(), x => (float)x)
            : value.GetTensorDataAsSpan<float>().ToArray();
        return (info.Shape, elements);
    }
}
