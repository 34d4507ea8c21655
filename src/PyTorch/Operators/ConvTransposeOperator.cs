using MsSrConvert.GraphIR;
using MsSrConvert.PyTorch.Code;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>ConvTranspose; where pads differ between the ends of an axis, the whole result is made and cut.</summary>
internal sealed class ConvTransposeOperator : IPythonOperator
{
    public IReadOnlyList<string> Operators { get; } = ["ConvTranspose"];

    public void Write(Node node, ForwardWriter code)
    {
        node.RequireExplicitPads();
        var rank = node.SpatialRank(code);
        if (node.GetInts("output_shape") is not null)
            throw new NotInPyTorchException("its pads follow from a fixed output_shape");
        var pads = node.GetInts("pads") ?? [.. Enumerable.Repeat(0L, 2 * rank)];
        var symmetric = NodeFacts.SymmetricPads(pads);
        var call =
            $"F.conv_transpose{ForwardWriter.Text(rank)}d({code.Argument(node, 0)}, {code.Argument(node, 1)}, {code.Argument(node, 2)}{NodeFacts.Keywords(
            ("stride", PythonText.OneOrList(node.GetInts("strides") ?? [1]), "1"),
            ("padding", symmetric is null ? "0" : PythonText.OneOrList(symmetric), "0"),
            ("output_padding", PythonText.OneOrList(node.GetInts("output_padding") ?? [0]), "0"),
            ("groups", ForwardWriter.Text(node.GetInt("group", 1)), "1"),
            ("dilation", PythonText.OneOrList(node.GetInts("dilations") ?? [1]), "1"))})";
        // A negative pad cuts.
        code.Assign(node,
            symmetric is not null ? call : $"F.pad({call}, {PythonText.List(NodeFacts.TorchPads(pads).Select(p => -p))})");
    }
}
