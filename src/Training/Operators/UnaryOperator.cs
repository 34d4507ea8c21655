using MsSrConvert.GraphIR;
using MsSrConvert.Training.Execution;
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
        ["LeakyRelu"] = node => LeakyRelu(node.GetFloat("alpha", 0.01f).ToScalar()),
        ["ThresholdedRelu"] = node => ThresholdedRelu(node.GetFloat("alpha", 1).ToScalar()),
        ["Elu"] = node => Elu(node.GetFloat("alpha", 1).ToScalar()),
        ["Celu"] = node => Celu(node.GetFloat("alpha", 1).ToScalar()),
        ["Selu"] = node => Selu(node.GetFloat("alpha", 1.67326319217681884765625f).ToScalar(), node.GetFloat("gamma", 1.05070102214813232421875f).ToScalar()),
        ["Gelu"] = node => Gelu(node.GetString("approximate", "none") == "tanh"),
        ["HardSigmoid"] = node => HardSigmoid(node.GetFloat("alpha", 0.2f).ToScalar(), node.GetFloat("beta", 0.5f).ToScalar()),
        ["HardSwish"] = _ => x => hardswish(x),
        ["Mish"] = _ => Mish,
        ["Sigmoid"] = _ => x => x.sigmoid(),
        ["Tanh"] = _ => x => x.tanh(),
        ["Softplus"] = _ => Softplus,
        ["Softsign"] = _ => Softsign,
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
        ["Atan"] = _ => x => x.atan(),
        ["Sinh"] = _ => x => x.sinh(),
        ["Cosh"] = _ => x => x.cosh(),
    };

    public IReadOnlyList<string> Operators { get; } = [.. Functions.Keys];

    public TorchStep Prepare(NodeContext context) => TorchStep.Of(context.Node.Input(0), Functions[context.Node.OpType](context.Node));

    private static Func<Tensor, Tensor> LeakyRelu(Scalar alpha) => x => x.leaky_relu(alpha);

    private static Func<Tensor, Tensor> ThresholdedRelu(Scalar alpha) => x => x.threshold(alpha, Scalars.Zero);

    private static Func<Tensor, Tensor> Elu(Scalar alpha) => x => x.elu(alpha, Scalars.One, Scalars.One);

    private static Func<Tensor, Tensor> Celu(Scalar alpha) => x => x.celu(alpha);

    private static Func<Tensor, Tensor> Selu(Scalar alpha, Scalar gamma) => x => x.elu(alpha, gamma, Scalars.One);

    private static Func<Tensor, Tensor> Gelu(bool tanh) =>
        x => gelu(x, tanh ? TorchSharp.Modules.GELU.Approximate.tanh : TorchSharp.Modules.GELU.Approximate.none);

    private static Tensor Softplus(Tensor x)
    {
        using var negative = x.neg();
        using var logarithm = logsigmoid(negative);
        return logarithm.neg();
    }

    private static Tensor Mish(Tensor x)
    {
        using var soft = Softplus(x);
        using var gate = soft.tanh();
        return x * gate;
    }

    private static Tensor Softsign(Tensor x)
    {
        using var size = x.abs();
        using var more = size.Plus(Scalars.One);
        return x / more;
    }

    private static Func<Tensor, Tensor> HardSigmoid(Scalar alpha, Scalar beta) => x =>
    {
        using var line = x * alpha;
        using var shifted = line.Plus(beta);
        return shifted.clamp(Scalars.Zero, Scalars.One);
    };
}
