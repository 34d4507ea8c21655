using MsSrConvert.GraphIR;

namespace MsSrConvert.Imaging.ImageModels;

/// <summary>
/// What part of the input an output pixel depends on, from the graph alone (an upper bound: weights may be zero).
/// </summary>
/// <param name="Before">Input pixels to the left of (above) an output pixel's place.</param>
/// <param name="After">Input pixels to the right of (below) it.</param>
/// <param name="Alignment">Input pixels per cell of the coarsest grid: parts of an image that start at multiples of this are
/// computed on the same grids as the whole.</param>
/// <param name="GlobalNode">The first node whose output depends on the whole image: it pools over all of it, stretches with its
/// size, or can't be followed. Null where there is none.</param>
public sealed record ReceptiveField(int Before, int After, int Alignment, string? GlobalNode)
{
    /// <summary>True when every output pixel may depend on every input pixel.</summary>
    public bool IsGlobal => GlobalNode is not null;

    /// <summary>Follows a model's image input to its outputs.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dims">A size of the image input that the model takes.</param>
    public static ReceptiveField Of(Model model, params IReadOnlyList<long> dims) => ReachAnalysis.Run(model, dims);
}
