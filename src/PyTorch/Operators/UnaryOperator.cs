using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>Operators without attributes that PyTorch has under a name of its own.</summary>
internal sealed class UnaryOperator : IPythonOperator
{
    private static readonly Dictionary<string, string> Functions = new (string Operator, string Function)[]
    {
        ("Relu", "F.relu"), ("Sigmoid", "torch.sigmoid"), ("Tanh", "torch.tanh"), ("HardSwish", "F.hardswish"),
        ("Mish", "F.mish"),
        ("Softplus", "F.softplus"), ("Softsign", "F.softsign"), ("Erf", "torch.erf"), ("Exp", "torch.exp"), ("Log", "torch.log"),
        ("Sqrt", "torch.sqrt"), ("Abs", "torch.abs"), ("Neg", "torch.neg"), ("Sign", "torch.sign"), ("Floor", "torch.floor"),
        ("Ceil", "torch.ceil"), ("Round", "torch.round"), ("Reciprocal", "torch.reciprocal"), ("Sin", "torch.sin"),
        ("Cos", "torch.cos"), ("Tan", "torch.tan"), ("Asin", "torch.asin"), ("Acos", "torch.acos"), ("Atan", "torch.atan"),
        ("Sinh", "torch.sinh"), ("Cosh", "torch.cosh"), ("Asinh", "torch.asinh"), ("Acosh", "torch.acosh"),
        ("Atanh", "torch.atanh"),
    }.ToDictionary(f => f.Operator, f => f.Function);

    public IReadOnlyList<string> Operators { get; } = [.. Functions.Keys];

    public void Write(Node node, ForwardWriter code) => code.Assign(node, $"{Functions[node.OpType]}({code.Argument(node, 0)})");
}
