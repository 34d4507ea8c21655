using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Code;

/// <summary>The names of element types in PyTorch.</summary>
internal static class PythonTypes
{
    /// <summary><c>torch.float32</c> and so on.</summary>
    /// <exception cref="NotInPyTorchException">PyTorch has no such type in all versions that are served.</exception>
    public static string Of(ElementType element) => element switch
    {
        ElementType.Float => "torch.float32",
        ElementType.Float16 => "torch.float16",
        ElementType.BFloat16 => "torch.bfloat16",
        ElementType.Double => "torch.float64",
        ElementType.Int64 => "torch.int64",
        ElementType.Int32 => "torch.int32",
        ElementType.UInt8 => "torch.uint8",
        ElementType.Int8 => "torch.int8",
        ElementType.Int16 => "torch.int16",
        ElementType.Bool => "torch.bool",
        _ => throw new NotInPyTorchException($"PyTorch has no element type {element}"),
    };
}
