using MsSrConvert.Training.Execution;
using TorchSharp;

namespace MsSrConvert.Training.Operators;

/// <summary>alpha·A·B + beta·C, A and B transposed where asked for.</summary>
internal sealed class GemmOperator : ITorchOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Gemm"];

    public TorchStep Prepare(NodeContext context)
    {
        var node = context.Node;
        var (alpha, beta) = (node.GetFloat("alpha", 1).ToScalar(), node.GetFloat("beta", 1).ToScalar());
        var (turnA, turnB) = (node.GetInt("transA", 0) != 0, node.GetInt("transB", 0) != 0);
        return TorchStep.Of(node.Inputs, x =>
        {
            using var scope = torch.NewDisposeScope();
            var product = (turnA ? x[0].t() : x[0]).matmul(turnB ? x[1].t() : x[1]) * alpha;
            return (x.Length > 2 ? product.Plus(x[2] * beta) : product).MoveToOuterDisposeScope();
        });
    }
}
