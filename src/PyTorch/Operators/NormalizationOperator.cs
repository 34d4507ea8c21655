using MsSrConvert.GraphIR;
using MsSrConvert.PyTorch.Code;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>BatchNormalization with its recorded statistics, which stay as they are, and InstanceNormalization.</summary>
internal sealed class NormalizationOperator : IPythonOperator
{
    public IReadOnlyList<string> Operators { get; } = ["BatchNormalization", "InstanceNormalization"];

    public void Write(Node node, ForwardWriter code)
    {
        var (x, scale, bias) = (code.Argument(node, 0), code.Argument(node, 1), code.Argument(node, 2));
        var epsilon = PythonText.Of(node.GetFloat("epsilon", 1e-5f));
        if (node.Is("InstanceNormalization"))
        {
            code.Assign(node, $"F.instance_norm({x}, weight={scale}, bias={bias}, eps={epsilon})");
            return;
        }

        if (node.GetInt("training_mode", 0) != 0 || node.Outputs.Count > 1)
            throw new NotInPyTorchException("it is in training form");
        code.Assign(node, $"F.batch_norm({x}, {code.Argument(node, 3)}, {code.Argument(node, 4)}, {scale}, {bias}, training=False, eps={epsilon})");
    }
}
