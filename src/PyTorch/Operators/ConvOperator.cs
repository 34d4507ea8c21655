using MsSrConvert.GraphIR;
using MsSrConvert.PyTorch.Code;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>Conv; pads that differ between the beginning and the end of an axis become an F.pad in front.</summary>
internal sealed class ConvOperator : IPythonOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Conv"];

    public void Write(Node node, ForwardWriter code)
    {
        node.RequireExplicitPads();
        var rank = node.SpatialRank(code);
        var pads = node.GetInts("pads") ?? [.. Enumerable.Repeat(0L, 2 * rank)];
        var x = code.Argument(node, 0);
        var padding = "0";
        if (NodeFacts.SymmetricPads(pads) is { } symmetric)
            padding = PythonText.OneOrList(symmetric);
        else
            x = $"F.pad({x}, {PythonText.List(NodeFacts.TorchPads(pads))})";
        code.Assign(node,
            $"F.conv{ForwardWriter.Text(rank)}d({x}, {code.Argument(node, 1)}, {code.Argument(node, 2)}{NodeFacts.Keywords(
            ("stride", PythonText.OneOrList(node.GetInts("strides") ?? [1]), "1"),
            ("padding", padding, "0"),
            ("dilation", PythonText.OneOrList(node.GetInts("dilations") ?? [1]), "1"),
            ("groups", ForwardWriter.Text(node.GetInt("group", 1)), "1"))})");
    }
}
