using MsSrConvert.Passes.Rewrite;

namespace MsSrConvert.Passes.Tests.Support;

/// <summary>A random start with biases: every kernel and every bias of a converted model differs from every other.</summary>
internal sealed class TestStart(long seed = 7) : IKernelInitializer
{
    private readonly RandomInitializer _kernels = new(seed);

    public string Description => "test";

    // No kernel is zero: what a test compares has to depend on all of them.
    public ConvKernel Kernel(ConvKernel source, KernelRequest request) =>
        _kernels.Kernel(source, request with { Joins = false });

    public float[] Bias(float[] source, IReadOnlyList<int[]> channels) =>
        [.. channels[0].Select((_, place) => (float)(0.3 * Math.Sin(source[0] * 1000 + source.Length + 1.7 * place)))];
}
