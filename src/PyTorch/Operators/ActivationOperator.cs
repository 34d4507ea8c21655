using MsSrConvert.GraphIR;
using MsSrConvert.Operators;
using MsSrConvert.PyTorch.Code;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>Activations with attributes.</summary>
internal sealed class ActivationOperator : IPythonOperator
{
    private const float SeluAlpha = 1.6732632f;
    private const float SeluGamma = 1.0507010f;

    public IReadOnlyList<string> Operators { get; } = ["LeakyRelu", "ThresholdedRelu", "Elu", "Celu", "Selu", "HardSigmoid",
        "Gelu"];

    // F.selu has no numbers of its own.
    public bool Knows(Node node, long opset) => !node.Is("Selu")
        || IsNear(node.FloatOf("alpha"), SeluAlpha) && IsNear(node.FloatOf("gamma"), SeluGamma);

    public void Write(Node node, ForwardWriter code)
    {
        var x = code.Argument(node, 0);
        string Number(string name) => PythonText.Of(node.FloatOf(name));
        code.Assign(node, node.OpType switch
        {
            "LeakyRelu" => $"F.leaky_relu({x}, {Number("alpha")})",
            "ThresholdedRelu" => $"F.threshold({x}, {Number("alpha")}, 0.0)",
            "Elu" => $"F.elu({x}, {Number("alpha")})",
            "Celu" => $"F.celu({x}, {Number("alpha")})",
            "Selu" => $"F.selu({x})",
            "HardSigmoid" => $"torch.clamp({x} * {Number("alpha")} + {Number("beta")}, 0.0, 1.0)",
            _ => $"F.gelu({x}, approximate=\"{(node.GetString("approximate", "none") == "tanh" ? "tanh" : "none")}\")",
        });
    }

    private static bool IsNear(float a, float b) => MathF.Abs(a - b) < 1e-6f;
}
