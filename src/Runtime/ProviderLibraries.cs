using System.Runtime.InteropServices;

namespace MsSrConvert.Runtime;

/// <summary>Libraries that ONNX Runtime 1.31's GPU providers load from the machine, and where to get them.</summary>
internal static class ProviderLibraries
{
    private sealed record Source(string Name, string Advice, string[] Linux, string[] Windows);

    private static readonly Source Driver = new("NVIDIA's driver", "Install the card's driver.", ["libcuda.so.1"],
        ["nvcuda.dll"]);

    private static readonly Source Cuda = new("CUDA 13",
        OperatingSystem.IsWindows()
            ? "CUDA 13 is NVIDIA's installer; its folder bin\\x64 must be on PATH."
            : "CUDA 13 is the package cuda-toolkit-13-0 of NVIDIA's repository for Debian and Ubuntu, or lies in site-packages/nvidia/cu13/lib beside a PyTorch for CUDA 13: name that folder in LD_LIBRARY_PATH.",
        ["libcudart.so.13", "libcublas.so.13", "libcublasLt.so.13", "libcurand.so.10"],
        ["cudart64_13.dll", "cublas64_13.dll", "cublasLt64_13.dll", "curand64_10.dll"]);

    private static readonly Source Cudnn = new("cuDNN 9",
        OperatingSystem.IsWindows()
            ? "cuDNN 9 is NVIDIA's installer; its bin folder must be on PATH."
            : "cuDNN 9 is the package cudnn9-cuda-13 there, or lies in site-packages/nvidia/cudnn/lib.",
        ["libcudnn.so.9"], ["cudnn64_9.dll"]);

    private static readonly Source TensorRt = new("TensorRT 10",
        OperatingSystem.IsWindows()
            ? "TensorRT 10 is an archive of NVIDIA's; its lib folder must be on PATH."
            : "TensorRT 10 is the package tensorrt there, or pip's tensorrt-cu13 with its folder in LD_LIBRARY_PATH.",
        ["libnvinfer.so.10", "libnvonnxparser.so.10"], ["nvinfer_10.dll", "nvonnxparser_10.dll"]);

    /// <summary>What a device's provider would load and this machine lacks.</summary>
    /// <param name="kind">The device.</param>
    /// <param name="isThere">Tells whether a library can be loaded; null to try.</param>
    /// <returns>
    /// The missing libraries with what they belong to, and what to do; null where nothing is missing or nothing is needed.
    /// </returns>
    public static (string Libraries, string Advice)? Missing(DeviceKind kind, Predicate<string>? isThere = null)
    {
        isThere ??= CanLoad;
        Source[] sources = kind switch
        {
            DeviceKind.Cuda => [Driver, Cuda, Cudnn],
            DeviceKind.TensorRt => [Driver, Cuda, Cudnn, TensorRt],
            _ => [],
        };
        var missing = sources
            .Select(
                s =>
                    (Source: s, Libraries: (OperatingSystem.IsWindows() ? s.Windows : s.Linux).Where(l => !isThere(l)).ToArray()))
            .Where(s => s.Libraries.Length > 0).ToArray();
        return missing.Length == 0 ? null
            : (string.Join(", ", missing.Select(m => $"{string.Join(", ", m.Libraries)} ({m.Source.Name})")),
                string.Join(' ', missing.Select(m => m.Source.Advice)));
    }

    private static bool CanLoad(string library)
    {
        if (!NativeLibrary.TryLoad(library, out var handle))
            return false;
        NativeLibrary.Free(handle);
        return true;
    }
}
