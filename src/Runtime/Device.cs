using System.Globalization;
using MsSrConvert.GraphIR;

namespace MsSrConvert.Runtime;

/// <summary>Execution device.</summary>
public enum DeviceKind
{
    /// <summary>The processor.</summary>
    Cpu,
    /// <summary>An NVIDIA GPU.</summary>
    Cuda,
    /// <summary>An NVIDIA GPU through TensorRT engines.</summary>
    TensorRt,
    /// <summary>A GPU through DirectX 12 (Windows).</summary>
    DirectMl,
    /// <summary>Apple's neural engine and GPU (macOS).</summary>
    CoreMl,
}

/// <summary>A device a model is asked to run on.</summary>
/// <param name="Kind">Which runtime back end.</param>
/// <param name="Index">Which card, from 0.</param>
public readonly record struct Device(DeviceKind Kind, int Index = 0)
{
    /// <summary>The processor.</summary>
    public static Device Cpu => default;

    /// <summary>Reads <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>, <c>tensorrt</c>, <c>directml</c> or <c>coreml</c>.</summary>
    /// <exception cref="MsSrException">The text names no device (MSSR3401).</exception>
    public static Device Parse(string text)
    {
        var parts = text.Trim().ToLowerInvariant().Split(':');
        DeviceKind? kind = parts[0] switch
        {
            "cpu" => DeviceKind.Cpu,
            "cuda" => DeviceKind.Cuda,
            "tensorrt" => DeviceKind.TensorRt,
            "directml" => DeviceKind.DirectMl,
            "coreml" => DeviceKind.CoreMl,
            _ => null,
        };
        var index = 0;
        var hasIndex = parts.Length == 2 && kind is DeviceKind.Cuda or DeviceKind.TensorRt or DeviceKind.DirectMl
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out index);
        if (kind is null || (parts.Length > 1 && !hasIndex))
        {
            throw new MsSrException(new Diagnostic("MSSR3401", Severity.Error, $"'{text}' is not a device.", null,
                "Use cpu, cuda, cuda:1, tensorrt, directml or coreml."));
        }

        return new Device(kind.Value, index);
    }

    /// <summary><c>cpu</c>, <c>cuda:0</c>.</summary>
    public override string ToString()
    {
        var name = Kind.ToString().ToLowerInvariant();
        return Kind is DeviceKind.Cpu or DeviceKind.CoreMl ? name : $"{name}:{Index.ToString(CultureInfo.InvariantCulture)}";
    }
}
