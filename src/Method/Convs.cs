using MsSrConvert.GraphIR;

namespace MsSrConvert.Method;

/// <summary>The operators that the method is about.</summary>
public static class Convs
{
    /// <summary>True for the convolutions that have a role: Conv and ConvTranspose.</summary>
    public static bool IsConv(this Node node) => node.Is("Conv") || node.Is("ConvTranspose");
}
