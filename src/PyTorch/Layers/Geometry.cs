using MsSrConvert.GraphIR;
using MsSrConvert.Operators;

namespace MsSrConvert.PyTorch.Layers;

/// <summary>What the convolutions of a layer have in common beside their kernels; the same in height and width.</summary>
internal sealed record Geometry(long Stride, long Padding, long Dilation, long Groups)
{
    /// <summary>The geometry of a Conv over height and width; null for other nodes and where it differs by direction.</summary>
    public static Geometry? Of(Node? node)
    {
        if (node?.Is("Conv") != true || node.Input(1)?.Initializer is null
            || ConvWindow.Find(node) is not { HasOwnPads: true } window)
        {
            return null;
        }

        return window is { Strides: [var stride, var across], Dilations: [var dilation, var apart] } && stride == across
            && dilation == apart
            && window.Pads.Distinct().Count() == 1
            ? new Geometry(stride, window.Pads[0], dilation, window.Groups)
            : null;
    }

    /// <summary>The arguments of a call that differ from its defaults.</summary>
    public IEnumerable<string> Arguments => new (string Name, long Value, long Default)[]
    {
        ("stride", Stride, 1), ("padding", Padding, 0), ("dilation", Dilation, 1), ("groups", Groups, 1),
    }.Where(a => a.Value != a.Default).Select(a => $"{a.Name}={ForwardWriter.Text(a.Value)}");
}
