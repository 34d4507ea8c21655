using MsSrConvert.GraphIR;
using MsSrConvert.Operators;
using MsSrConvert.Training.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace MsSrConvert.Training.Operators;

/// <summary>Operators that change every element by itself.</summary>
internal sealed class UnaryOperator : ITorchOperator
{
    private static readonly Dictionary<string, Func<Node, Func<Tensor, Tensor>>> Functions = new()
    {
        ["Relu"] = _ => x => x.relu(),
        ["LeakyRelu"] = node => LeakyRelu(node.FloatOf("alpha").ToScalar()),
        ["Elu"] = node => Elu(node.FloatOf("alpha").ToScalar()),
        ["Gelu"] = node => Gelu(node.GetString("approximate", "none") == "tanh"),
        ["HardSwish"] = _ => x => hardswish(x),
        ["Sigmoid"] = _ => x => x.sigmoid(),
        ["Tanh"] = _ => x => x.tanh(),
        ["Softplus"] = _ => Softplus,
        ["Erf"] = _ => x => x.erf(),
        ["Exp"] = _ => x => x.exp(),
        ["Log"] = _ => x => x.log(),
        ["Sqrt"] = _ => x => x.sqrt(),
        ["Abs"] = _ => x => x.abs(),
        ["Neg"] = _ => x => x.neg(),
        ["Sign"] = _ => x => x.sign(),
        ["Floor"] = _ => x => x.floor(),
        ["Ceil"] = _ => x => x.ceil(),
        ["Round"] = _ => x => x.round(),
        ["Reciprocal"] = _ => x => x.reciprocal(),
        ["Sin"] = _ => x => x.sin(),
        ["Cos"] = _ => x => x.cos(),
        ["Tan"] = _ => x => x.tan(),
        ["Asin"] = _ => x => x.asin(),
        ["Acos"] = _ => x => x.acos(),
        ["Atan"] = _ => x => x.atan(),
        ["Sinh"] = _ => x => x.sinh(),
        ["Cosh"] = _ => x => x.cosh(),
        ["Asinh"] = _ => x => x.asinh(),
        ["Acosh"] = _ => x => x.acosh(),
        ["Atanh"] = _ => x => x.atanh(),
    };

    public IReadOnlyList<string> Operators { get; } = [.. Functions.Keys];

    public TorchStep Prepare(NodeContext context) =>
        TorchStep.Of(context.Node.Input(0), Functions[context.Node.OpType](context.Node));

    private static Func<Tensor, Tensor> LeakyRelu(Scalar alpha) => x => x.leaky_relu(alpha);

    private static Func<Tensor, Tensor> Elu(Scalar alpha) => x => x.elu(alpha, Scalars.One, Scalars.One);

    private static Func<Tensor, Tensor> Gelu(bool tanh) =>
        x => gelu(x, tanh ? TorchSharp.Modules.GELU.Approximate.tanh : TorchSharp.Modules.GELU.Approximate.none);

    private static Tensor Softplus(Tensor x)
    {
        using var negative = x.neg();
        using var logarithm = logsigmoid(negative);
        return logarithm.neg();
    }
}
