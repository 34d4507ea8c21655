using MsSrConvert.GraphIR;
using MsSrConvert.PyTorch.Code;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>Reductions over axes.</summary>
internal sealed class ReduceOperator : IPythonOperator
{
    public IReadOnlyList<string> Operators { get; } =
        ["ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceL2", "ReduceSumSquare"];

    public void Write(Node node, ForwardWriter code)
    {
        var x = code.Argument(node, 0);
        var rank = code.Shape(node.Input(0)!).Rank;
        var axes = node.Axes(1, rank, code);
        if (axes is null or [] && node.GetInt("noop_with_empty_axes", 0) != 0)
            throw new NotInPyTorchException("it reduces over no axis");
        if (axes is null or [])
            axes = [.. Enumerable.Range(0, rank).Select(i => (long)i)];
        var over =
            $"dim={PythonText.List(axes)}{NodeFacts.Keywords(("keepdim", node.GetInt("keepdims", 1) != 0 ? "True" : "False", "False"))}";
        code.Assign(node, node.OpType switch
        {
            "ReduceMean" => $"torch.mean({x}, {over})",
            "ReduceSum" => $"torch.sum({x}, {over})",
            "ReduceMax" => $"torch.amax({x}, {over})",
            "ReduceMin" => $"torch.amin({x}, {over})",
            "ReduceL1" => $"torch.sum(torch.abs({x}), {over})",
            "ReduceL2" => $"torch.sqrt(torch.sum({x} * {x}, {over}))",
            _ => $"torch.sum({x} * {x}, {over})",
        });
    }
}
