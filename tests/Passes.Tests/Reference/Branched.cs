namespace MsSrConvert.Passes.Tests.Reference;

/// <summary>A feature value as the method has it: one array per branch, finest first, and which source channels each carries.</summary>
internal sealed record Branched(NdArray[] Branches, int[][] Layout)
{
    public int Count => Branches.Length;

    /// <summary>The number of the source's channels.</summary>
    public int Channels => Layout.Max(b => b.Max()) + 1;

    public Branched Map(Func<NdArray, int, NdArray> f) => this with { Branches = [.. Branches.Select(f)] };
}
