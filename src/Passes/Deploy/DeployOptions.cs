using System.Runtime.Intrinsics.X86;

namespace MsSrConvert.Passes.Deploy;

/// <summary>The runtime a deploy model is made for.</summary>
public enum DeployTarget
{
    /// <summary>ONNX Runtime on the processor.</summary>
    Cpu,
    /// <summary>ONNX Runtime on an NVIDIA GPU.</summary>
    Cuda,
    /// <summary>TensorRT.</summary>
    TensorRt,
}

/// <summary>How a deploy model is made.</summary>
public sealed record DeployOptions
{
    /// <summary>The runtime.</summary>
    public DeployTarget Target { get; init; }

    /// <summary>
    /// The channel block of the target's convolutions, 8 or 16; by default this machine's for the processor, 8 for GPUs.
    /// </summary>
    public int? Align { get; init; }

    /// <summary>True for weights and activations in float16.</summary>
    public bool Half { get; init; }

    /// <summary><see cref="Align"/>, or its default: ONNX Runtime blocks 16 channels with AVX-512, else 8.</summary>
    public int Block => Align ?? (Target == DeployTarget.Cpu && Avx512F.IsSupported ? 16 : 8);
}
