using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>PRelu with one slope, or one per channel of N,C,H,W; other slopes are written out.</summary>
internal sealed class PReluOperator : IPythonOperator
{
    public IReadOnlyList<string> Operators { get; } = ["PRelu"];

    public void Write(Node node, ForwardWriter code)
    {
        var (x, slope) = (code.Argument(node, 0), code.Argument(node, 1));
        var dims = code.Shape(node.Input(1)!);
        var rank = code.Shape(node.Input(0)!).Rank;
        // Aligned at the last axis, the channels are the third from the end.
        var perChannel = dims.Rank == rank - 1 && dims.Skip(1).All(d => d == 1) || dims.Rank == rank
            && dims.Where((_, i) => i != 1).All(d => d == 1);
        var function = perChannel
            || dims.All(d => d == 1) ? $"F.prelu({x}, {slope}.flatten())" : $"torch.where({x} < 0, {x} * {slope}, {x})";
        code.Assign(node, function);
    }
}
