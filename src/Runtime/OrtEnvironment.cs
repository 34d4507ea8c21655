using Microsoft.ML.OnnxRuntime;

namespace MsSrConvert.Runtime;

/// <summary>The process's one ONNX Runtime environment, made to keep quiet.</summary>
internal static class OrtEnvironment
{
    private static readonly Lazy<OrtEnv> Instance = new(Create);

    /// <summary>The environment; made at the first call.</summary>
    public static OrtEnv Get() => Instance.Value;

    private static OrtEnv Create()
    {
        // The level must be set when the environment is made: looking for devices already logs.
        if (!OrtEnv.IsCreated)
        {
            var options = new EnvironmentCreationOptions { logId = "mssr", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
            OrtEnv.CreateInstanceWithOptions(ref options);
        }

        var environment = OrtEnv.Instance();
        environment.DisableTelemetryEvents();
        return environment;
    }
}

/// <summary>Makes ONNX Runtime's messages fit into a sentence.</summary>
internal static class OrtMessages
{
    /// <summary>The message on one line, without its error code and final full stop.</summary>
    public static string Tidy(string message)
    {
        var text = message.StartsWith("[ErrorCode", StringComparison.Ordinal) ? message[(message.IndexOf(']') + 1)..] : message;
        return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
    }
}
