using MsSrConvert.Method;

namespace MsSrConvert.Passes.Rewrite;

/// <summary>
/// Starting weights of the new layers. A kernel is asked for by the source channels it leads from and to; <c>~c</c> stands for a
/// padding channel, a copy of channel c.
/// </summary>
public interface IKernelInitializer
{
    /// <summary>How the start is called in metadata and reports, with its seed where it has one.</summary>
    string Description { get; }

    /// <summary>A kernel of one layer.</summary>
    /// <param name="source">The source conv's kernel.</param>
    /// <param name="request">Which kernel is asked for.</param>
    /// <returns>The kernel's elements in the source's axis order.</returns>
    ConvKernel Kernel(ConvKernel source, KernelRequest request);

    /// <summary>A bias: one list of source channels for each branch that shares it.</summary>
    float[] Bias(float[] source, IReadOnlyList<int[]> channels);
}

/// <summary>One kernel of a layer.</summary>
/// <param name="Name">The kernel's name in the model; unique.</param>
/// <param name="Uses">
/// For each use of the kernel the source channels on its output and input side; several for the shared kernel.
/// </param>
/// <param name="Groups">The group count of the new conv.</param>
/// <param name="Joins">
/// True where its output is added to what another kernel of the layer gives: cross kernels, and fusion kernels of the coarser
/// branches. False for the separation's kernel, the shared one, and the finest branch's fusion kernel.
/// </param>
public sealed record KernelRequest(string Name, IReadOnlyList<(int[] Outs, int[] Ins)> Uses, int Groups, bool Joins);

internal static class KernelRequests
{
    /// <summary>The channels of a side that isn't partitioned: all, in order.</summary>
    public static int[] All(int channels) => [.. Enumerable.Range(0, channels)];

    /// <summary>The channels of every branch.</summary>
    public static int[][] PerBranch(BranchLayout layout) =>
        [.. Enumerable.Range(0, layout.Branches).Select(b => layout[b].ToArray())];
}
