namespace MsSrConvert.Zoo;

/// <summary>A height and a width: of a kernel, a stride, a padding, in pixels.</summary>
public readonly record struct Extent(int Height, int Width)
{
    /// <summary>The same number for both.</summary>
    public static implicit operator Extent(int both) => new(both, both);

    /// <summary>Height, then width.</summary>
    public static implicit operator Extent((int Height, int Width) pair) => new(pair.Height, pair.Width);
}
