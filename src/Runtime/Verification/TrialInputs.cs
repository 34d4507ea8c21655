using MsSrConvert.GraphIR;

namespace MsSrConvert.Runtime.Verification;

/// <summary>
/// Seeded noise for all inputs of a model at one image size: dimensions of one name get one number, whichever input has them.
/// </summary>
internal sealed class TrialInputs
{
    private readonly IReadOnlyList<TensorInfo> _inputs;
    private readonly TensorInfo? _image;
    private readonly int _rows;

    /// <summary>Looks for the image among the inputs: the first with four dimensions, of open size where there is one.</summary>
    public TrialInputs(IReadOnlyList<TensorInfo> inputs)
    {
        _inputs = inputs;
        var maps = inputs.Where(i => i.Shape.Rank == 4).ToArray();
        _image = maps.FirstOrDefault(i => !i.Shape[Rows(i.Shape)].IsKnown || !i.Shape[Rows(i.Shape) + 1].IsKnown)
            ?? maps.FirstOrDefault();
        _rows = _image is null ? 0 : Rows(_image.Shape);
    }

    /// <summary>The image input's dimensions at a size, or null where no input is an image.</summary>
    public (long Height, long Width)? Fit(long height, long width) => _image is null
        ? null
        : (Side(_image.Shape[_rows], height), Side(_image.Shape[_rows + 1], width));

    /// <summary>
    /// The smallest square side that a model takes, as far as shape inference tells; 1 where it can't be found.
    /// </summary>
    public long Smallest(SizeGuard guard)
    {
        const long Largest = 1024;
        bool Takes(long side) => guard.Allows(Dims(1, side, side));
        var (refused, taken) = (0L, 1L);
        while (!Takes(taken))
        {
            (refused, taken) = (taken, 2 * taken);
            if (taken > Largest)
                return 1;
        }

        while (taken - refused > 1)
        {
            var middle = (refused + taken) / 2;
            (refused, taken) = Takes(middle) ? (refused, middle) : (middle, taken);
        }

        return taken;
    }

    /// <summary>True when the batch is open.</summary>
    public bool IsBatchOpen => _image is not null && !_image.Shape[0].IsKnown;

    /// <summary>The dimensions of every input, by name.</summary>
    public IReadOnlyDictionary<string, long[]> Dims(long batch, long height, long width)
    {
        var symbols = new Dictionary<Dim, long>();
        if (_image is not null)
        {
            foreach (var (axis, number) in new[] { (_rows, height), (_rows + 1, width), (0, batch) })
                symbols.TryAdd(_image.Shape[axis], number);
        }

        return _inputs.ToDictionary(i => i.Name,
            i => i.Shape.Select((dim, axis) => Number(i.Shape, dim, axis, symbols, (batch, height, width))).ToArray());
    }

    /// <summary>
    /// Noise of those dimensions; what is no map gets ones, which are sound as factors, sizes and strengths alike.
    /// </summary>
    public Dictionary<string, Tensor> Make(IReadOnlyDictionary<string, long[]> dims) => _inputs.ToDictionary(i => i.Name, i =>
        RandomInput.Of(0, i.Shape.Rank < 3 ? 1 : 0, 1, dims[i.Name]));

    private static long Number(Shape shape, Dim dim, int axis, Dictionary<Dim, long> symbols,
        (long Batch, long Height, long Width) size)
    {
        if (dim.IsKnown)
            return dim.Value;
        if (dim.IsSymbolic && symbols.TryGetValue(dim, out var number))
            return number;
        if (shape.Rank != 4)
            return 1;
        var rows = Rows(shape);
        return axis == rows ? size.Height : axis == rows + 1 ? size.Width : axis == 0 ? size.Batch : 1;
    }

    private static long Side(Dim dim, long wanted) => dim.IsKnown ? dim.Value : wanted;

    private static int Rows(Shape shape) => RandomInput.IsChannelsLast(shape) ? 1 : 2;
}
