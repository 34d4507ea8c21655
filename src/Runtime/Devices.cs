using Microsoft.ML.OnnxRuntime;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;

namespace MsSrConvert.Runtime;

/// <summary>A kind of device and whether it can be used.</summary>
/// <param name="Name">The name <see cref="Device.Parse"/> takes.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Provider">ONNX Runtime's name of the execution provider.</param>
/// <param name="InBuild">True when the ONNX Runtime library of this build has the provider.</param>
/// <param name="Works">True when a model was run on it just now.</param>
/// <param name="Note">Why it can't be used and what to do about it, or what there is; null where there is nothing to say.</param>
public sealed record DeviceInfo(string Name, DeviceKind Kind, string Provider, bool InBuild, bool Works, string? Note);

/// <summary>The devices of this build and machine.</summary>
public static class Devices
{
    /// <summary>The version of ONNX Runtime.</summary>
    public static string RuntimeVersion => OrtEnvironment.Get().GetVersionString();

    /// <summary>
    /// All kinds of device, those missing from this build included; each that is there is tried with a model of one conv.
    /// </summary>
    public static IReadOnlyList<DeviceInfo> List() => [.. Enum.GetValues<DeviceKind>().Select(kind =>
    {
        var inBuild = IsInBuild(kind);
        var why = inBuild ? WhyNot(kind) : Advice(kind);
        return new DeviceInfo(kind.ToString().ToLowerInvariant(), kind, ProviderOf(kind), inBuild, why is null,
            why ?? Description(kind));
    })];

    /// <summary>Puts the device's execution provider into session options; the processor needs none.</summary>
    /// <exception cref="MsSrException">The build or the machine lacks the provider (MSSR5004).</exception>
    internal static void Append(SessionOptions options, Device device)
    {
        if (device.Kind == DeviceKind.Cpu)
            return;
        if (!IsInBuild(device.Kind))
            throw Missing(device, "this build of ONNX Runtime doesn't have it", Advice(device.Kind), null);
        // ONNX Runtime would only say that its provider can't be loaded.
        if (ProviderLibraries.Missing(device.Kind) is { } missing)
            throw Missing(device, $"this machine lacks {missing.Libraries}", missing.Advice, null);
        try
        {
            AppendProvider(options, device);
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException)
        {
            throw Missing(device, $"this machine can't start it ({OrtMessages.Tidy(e.Message)})",
                "Check the card's driver and libraries.", e);
        }
    }

    private static bool IsInBuild(DeviceKind kind) => OrtEnvironment.Get().GetAvailableProviders().Contains(ProviderOf(kind));

    private static string? WhyNot(DeviceKind kind)
    {
        try
        {
            using var session = OnnxSession.Open(OneConv(), "a model of one conv",
                new OnnxSessionOptions { Device = new Device(kind), Threads = 1 });
            return session.Run(Tensor.Zeros(1, 1, 8, 8)).IsFinite() ? null : "It gives values that aren't finite.";
        }
        catch (MsSrException e)
        {
            var reason = e.Diagnostic.Message.Replace($"Device '{new Device(kind)}' can't be used: ", "",
                StringComparison.Ordinal);
            return $"{char.ToUpperInvariant(reason[0])}{reason[1..]} {e.Diagnostic.Hint}".TrimEnd();
        }
    }

    private static string? Description(DeviceKind kind) =>
        kind is DeviceKind.Cuda or DeviceKind.TensorRt
            && GraphicsCards.List() is { Count: > 0 } cards ? string.Join("; ", cards) : null;

    private static byte[] OneConv()
    {
        var graph = new Graph("one_conv");
        Value Image(string name) => new(name, new TensorType(ElementType.Float, Shape.Known(1, 1, 8, 8)));
        var input = graph.AddInput(Image("x"));
        var kernel = graph.AddInitializer("kernel", TensorData.Of(new float[9], 1, 1, 3, 3));
        graph.AddOutput(graph.Add(new Node("Conv", [input, kernel], [Image("y")], "conv").With("pads", [1, 1, 1, 1])).Output);
        var model = new Model(graph);
        model.OpsetImports[""] = 13;
        return OnnxFile.ToBytes(model);
    }

    private static void AppendProvider(SessionOptions options, Device device)
    {
        switch (device.Kind)
        {
            case DeviceKind.Cuda:
                options.AppendExecutionProvider_CUDA(device.Index);
                break;
            case DeviceKind.TensorRt:
                // TensorRT hands what it can't compile to the next provider: let that be the same card.
                options.AppendExecutionProvider_Tensorrt(device.Index);
                options.AppendExecutionProvider_CUDA(device.Index);
                break;
            case DeviceKind.DirectMl:
                // DirectML forbids memory patterns and parallel execution.
                options.EnableMemoryPattern = false;
                options.AppendExecutionProvider_DML(device.Index);
                break;
            default:
                options.AppendExecutionProvider("CoreML");
                break;
        }
    }

    private static string ProviderOf(DeviceKind kind) => kind switch
    {
        DeviceKind.Cpu => "CPUExecutionProvider",
        DeviceKind.Cuda => "CUDAExecutionProvider",
        DeviceKind.TensorRt => "TensorrtExecutionProvider",
        DeviceKind.DirectMl => "DmlExecutionProvider",
        _ => "CoreMLExecutionProvider",
    };

    private static string Advice(DeviceKind kind) => kind switch
    {
        DeviceKind.DirectMl =>
            "DirectML exists on Windows only, in builds with the package Microsoft.ML.OnnxRuntime.DirectML; use cpu here.",
        DeviceKind.CoreMl => "CoreML exists on macOS only; use cpu here.",
        _ => "Build with -p:OrtGpu=true or use cpu.",
    };

    private static MsSrException Missing(Device device, string why, string hint, Exception? inner) =>
        new(new Diagnostic("MSSR5004", Severity.Error, $"Device '{device}' can't be used: {why}.", null, hint), inner);
}
