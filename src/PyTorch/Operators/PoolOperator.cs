using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.PyTorch.Code;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>Pooling over windows.</summary>
internal sealed class PoolOperator : IPythonOperator
{
    public IReadOnlyList<string> Operators { get; } = ["AveragePool", "MaxPool", "LpPool"];

    public void Write(Node node, ForwardWriter code)
    {
        var x = code.Argument(node, 0);
        if (Resampling.IsDown(node))
        {
            code.Helpers.Add("down");
            code.Assign(node, $"down({x})");
            return;
        }

        node.RequireExplicitPads();
        var rank = node.SpatialRank(code);
        var kernel = node.GetInts("kernel_shape") ?? throw new NotInPyTorchException("it has no kernel_shape");
        var padding = Padding(node, node.GetInts("pads") ?? [.. Enumerable.Repeat(0L, 2 * rank)], ref x);
        var ceil = node.GetInt("ceil_mode", 0) != 0 ? "True" : "False";
        var dilation = PythonText.OneOrList(node.GetInts("dilations") ?? [1]);
        if (!node.Is("MaxPool") && dilation != "1")
            throw new NotInPyTorchException("PyTorch has no such pool with dilation");
        var window = $"{PythonText.OneOrList(kernel)}, stride={PythonText.OneOrList(node.GetInts("strides") ?? [1])}";
        var dimensions = ForwardWriter.Text(rank);
        code.Assign(node, node.OpType switch
        {
            "MaxPool" =>
                $"F.max_pool{dimensions}d({x}, {window}{NodeFacts.Keywords(("padding", padding, "0"), ("dilation", dilation, "1"), ("ceil_mode", ceil, "False"))})",
            "AveragePool" =>
                $"F.avg_pool{dimensions}d({x}, {window}{NodeFacts.Keywords(("padding", padding, "0"), ("ceil_mode", ceil, "False"),
                ("count_include_pad", padding == "0" || node.GetInt("count_include_pad", 0) != 0 ? "True" : "False", "True"))})",
            _ when padding == "0" && rank <= 2 =>
                $"F.lp_pool{dimensions}d({x}, {ForwardWriter.Text(node.GetInt("p", 2))}, {window}{NodeFacts.Keywords(("ceil_mode", ceil, "False"))})",
            _ => throw new NotInPyTorchException("PyTorch's Lp pool has no padding"),
        });
    }

    private static string Padding(Node node, IReadOnlyList<long> pads, ref string x)
    {
        if (NodeFacts.SymmetricPads(pads) is { } symmetric)
            return PythonText.OneOrList(symmetric);
        if (node.Is("AveragePool") && node.GetInt("count_include_pad", 0) == 0)
            throw new NotInPyTorchException("it averages over unequal pads that don't count");
        var fill = node.Is("MaxPool") ? $", value={PythonText.Of(float.NegativeInfinity)}" : "";
        x = $"F.pad({x}, {PythonText.List(NodeFacts.TorchPads(pads))}{fill})";
        return "0";
    }
}
