using MsSrConvert.GraphIR;
using MsSrConvert.Operators;
using MsSrConvert.PyTorch.Code;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>Matrix products.</summary>
internal sealed class MatMulOperator : IPythonOperator
{
    public IReadOnlyList<string> Operators { get; } = ["MatMul", "Gemm"];

    public void Write(Node node, ForwardWriter code)
    {
        var (a, b) = (code.Argument(node, 0), code.Argument(node, 1));
        if (node.Is("MatMul"))
        {
            code.Assign(node, $"torch.matmul({a}, {b})");
            return;
        }

        var (alpha, beta) = (node.FloatOf("alpha"), node.FloatOf("beta"));
        var bias = node.Input(2);
        if (node.GetInt("transA", 0) == 0 && node.GetInt("transB", 0) != 0 && alpha == 1 && beta == 1
            && (bias is null || code.Shape(bias).Rank == 1))
        {
            code.Assign(node, $"F.linear({a}, {b}, {code.Argument(node, 2)})");
            return;
        }

        var product = $"torch.matmul({Turned(a, node.GetInt("transA", 0))}, {Turned(b, node.GetInt("transB", 0))}){Times(alpha)}";
        code.Assign(node, bias is null ? product : $"{product} + {code.Tensor(bias)}{Times(beta)}");
    }

    private static string Turned(string matrix, long transposed) => transposed == 0 ? matrix : $"{matrix}.transpose(0, 1)";

    private static string Times(float factor) => factor == 1 ? "" : $" * {PythonText.Of(factor)}";
}
