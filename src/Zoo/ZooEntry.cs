using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo;

/// <summary>How an output's sides follow from the input's: <c>scale * side + offset</c>.</summary>
public readonly record struct OutputSize(int Scale, int Offset = 0)
{
    /// <summary>The output side, in pixels, for an input side.</summary>
    public long Of(long side) => (Scale * side) + Offset;
}

/// <summary>A network that can be made by name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Description">What it is: the paper's name and year, or the one thing that it shows.</param>
/// <param name="Create">Makes the network; the seed decides every weight.</param>
public sealed record ZooEntry(string Name, string Description, Func<ulong, Model> Create)
{
    /// <summary>The size of each output, in order.</summary>
    public IReadOnlyList<OutputSize> Outputs { get; init; } = [new(1)];

    /// <summary>The number that the input's height and width must be multiples of.</summary>
    public int SizeMultiple { get; init; } = 1;

    /// <summary>The smallest input side, in pixels, at which every kernel, pool and border fits.</summary>
    public int SmallestInput { get; init; } = 1;

    /// <summary>The only input side, in pixels, that the network takes; null where any will do.</summary>
    public int? StaticSide { get; init; }

    /// <summary>True where images go in and out as (N,H,W,C).</summary>
    public bool ChannelsLast { get; init; }

    /// <summary>False for a network with operators that ONNX Runtime doesn't have.</summary>
    public bool Runs { get; init; } = true;
}
