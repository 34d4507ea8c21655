using MsSrConvert.GraphIR;

namespace MsSrConvert.Method;

/// <summary>The convolutions that have a role in the method.</summary>
internal static class Convs
{
    /// <summary>True for a Conv or ConvTranspose of ONNX's own set.</summary>
    public static bool IsConv(this Node node) => node.Is("Conv") || node.Is("ConvTranspose");
}
