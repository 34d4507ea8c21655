using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Tests.Reference;

/// <summary>
/// The sizes that the values of a source network have for an input, and for the input enlarged to a multiple, found by running
/// it: full values have the former, branches the latter, halved.
/// </summary>
internal sealed class SourceSizes(Model source, NdArray input, int multiple)
{
    private readonly Dictionary<Value, NdArray> _own = PlainReference.Values(source, input);
    private readonly Dictionary<Value, NdArray> _enlarged = PlainReference.Values(source, input.PadToMultiple(multiple));
    private readonly Lazy<Dictionary<Value, NdArray>> _other = new(
        () => PlainReference.Values(source, input.PadTo(input.H + 1, input.W + 1)));

    /// <summary>The shape of a value in the source.</summary>
    public int[] Own(Value value) => _own[value].Dims;

    /// <summary>A full map at the size that branches need; anything else as it is.</summary>
    public NdArray Enlarge(Value value, NdArray full) => IsMap(full) ? full.PadTo(_enlarged[value].H, _enlarged[value].W) : full;

    /// <summary>What a fusion gives, at the source's size.</summary>
    public NdArray Cut(Value value, NdArray map) => map.Crop(_own[value].H, _own[value].W);

    /// <summary>Branches at the source's size, halved and rounded up.</summary>
    public Branched Cut(Value value, Branched branches) =>
        branches.Map((x, b) => x.Crop(Halved(_own[value].H, b), Halved(_own[value].W, b)));

    /// <summary>Branches brought back to the size they need.</summary>
    public Branched Enlarge(Value value, Branched branches) =>
        branches.Map((x, b) => x.PadTo(_enlarged[value].H >> b, _enlarged[value].W >> b));

    /// <summary>Height and width of a branch of a value.</summary>
    public (int Height, int Width) Branch(Value value, int branch, bool enlarged) => enlarged
        ? (_enlarged[value].H >> branch, _enlarged[value].W >> branch)
        : (Halved(_own[value].H, branch), Halved(_own[value].W, branch));

    /// <summary>True when a node resizes by the same whole factor whatever the size.</summary>
    public bool IsByFactor(Node resize)
    {
        var (from, to) = (resize.Input(0)!, resize.Output);
        bool Whole(Dictionary<Value, NdArray> values) =>
            (values[to].H % values[from].H == 0 && values[to].W % values[from].W == 0)
            || (values[from].H % values[to].H == 0 && values[from].W % values[to].W == 0);
        double Factor(Dictionary<Value, NdArray> values) =>
            (double)values[to].H / values[from].H + 1000.0 * values[to].W / values[from].W;
        return Whole(_own) && Whole(_other.Value) && Factor(_own) == Factor(_other.Value);
    }

    private static bool IsMap(NdArray x) => x.Dims.Length == 4 && (x.H > 1 || x.W > 1);

    private static int Halved(int side, int times) => (side + (1 << times) - 1) >> times;
}
