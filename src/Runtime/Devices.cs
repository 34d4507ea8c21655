using Microsoft.ML.OnnxRuntime;
using MsSrConvert.GraphIR;

namespace MsSrConvert.Runtime;

/// <summary>A kind of device and whether this build can use it.</summary>
/// <param name="Name">The name <see cref="Device.Parse"/> takes.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Provider">ONNX Runtime's name of the execution provider.</param>
/// <param name="InBuild">True when the ONNX Runtime library of this build has the provider.</param>
/// <param name="Note">Why it can't be used, or null.</param>
public sealed record DeviceInfo(string Name, DeviceKind Kind, string Provider, bool InBuild, string? Note);

/// <summary>The devices of this build and machine.</summary>
public static class Devices
{
    /// <summary>All kinds of device, those missing from this build included.</summary>
    public static IReadOnlyList<DeviceInfo> List()
    {
        var inBuild = OrtEnvironment.Get().GetAvailableProviders();
        return [.. Enum.GetValues<DeviceKind>().Select(kind =>
        {
            var present = inBuild.Contains(ProviderOf(kind));
            return new DeviceInfo(kind.ToString().ToLowerInvariant(), kind, ProviderOf(kind), present, present ? null : Advice(kind));
        })];
    }

    /// <summary>Puts the device's execution provider into session options; the processor needs none.</summary>
    /// <exception cref="MsSrException">The build or the machine lacks the provider (MSSR5004).</exception>
    internal static void Append(SessionOptions options, Device device)
    {
        if (device.Kind == DeviceKind.Cpu)
            return;
        if (!OrtEnvironment.Get().GetAvailableProviders().Contains(ProviderOf(device.Kind)))
            throw Missing(device, "this build of ONNX Runtime doesn't have it", Advice(device.Kind), null);
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
        DeviceKind.DirectMl => "DirectML exists on Windows only; build with -p:OrtGpu=true there or use cpu.",
        DeviceKind.CoreMl => "CoreML exists on macOS only; use cpu here.",
        _ => "Build with -p:OrtGpu=true or use cpu.",
    };

    private static MsSrException Missing(Device device, string why, string hint, Exception? inner) =>
        new(new Diagnostic("MSSR5004", Severity.Error, $"Device '{device}' can't be used: {why}.", null, hint), inner);
}
