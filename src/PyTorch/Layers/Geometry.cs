using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Layers;

/// <summary>What the convolutions of a layer have in common beside their kernels; the same in height and width.</summary>
internal sealed record Geometry(long Stride, long Padding, long Dilation, long Groups)
{
    /// <summary>The geometry of a Conv over height and width; null for other nodes and where it differs by direction.</summary>
    public static Geometry? Of(Node? node)
    {
        if (node is null || !node.Is("Conv") || node.Input(1)?.Initializer?.Dims.Count != 4 || node.GetString("auto_pad", "NOTSET") != "NOTSET")
            return null;
        return Same(node.GetInts("strides"), 1) is { } stride && Same(node.GetInts("pads"), 0) is { } padding && Same(node.GetInts("dilations"), 1) is { } dilation
            ? new Geometry(stride, padding, dilation, node.GetInt("group", 1))
            : null;
    }

    /// <summary>The arguments of a call that differ from its defaults.</summary>
    public IEnumerable<string> Arguments => new (string Name, long Value, long Default)[]
    {
        ("stride", Stride, 1), ("padding", Padding, 0), ("dilation", Dilation, 1), ("groups", Groups, 1),
    }.Where(a => a.Value != a.Default).Select(a => $"{a.Name}={ForwardWriter.Text(a.Value)}");

    private static long? Same(IReadOnlyList<long>? values, long absent) =>
        values is null ? absent : values.Distinct().Count() == 1 ? values[0] : null;
}
