using MsSrConvert.GraphIR;

namespace MsSrConvert.Operators.Versions;

/// <summary>Operators spelled with those of opsets that didn't have them.</summary>
internal static class Decompositions
{
    private static readonly Dictionary<string, Respelling> Rules = new()
    {
        ["CastLike"] = CastLike,
        ["Gelu"] = Gelu,
        ["GroupNormalization"] = NormalizationRules.SpellOutGroupNormalization,
        ["HardSwish"] = HardSwish,
        ["LayerNormalization"] = NormalizationRules.SpellOutLayerNormalization,
        ["Mish"] = Mish,
        ["Swish"] = Swish,
    };

    /// <summary>The rule for an operator, or null.</summary>
    public static Respelling? Find(string opType) => Rules.GetValueOrDefault(opType) ?? Formulas.Find(opType);

    private static void CastLike(RespellStep step)
    {
        var to = step.Node.Input(1)?.Tensor?.Element ?? step.ElementOf(step.Node.Input(1));
        NormalizationRules.Become(step.Node, "Cast", step.Node.Input(0));
        step.Node.With("to", (long)to);
    }

    // x * (1 + erf(x / sqrt 2)) / 2, or with the tanh of a cubic in place of erf.
    private static void Gelu(RespellStep step)
    {
        var (node, emit, x) = (step.Node, step.Emit, step.Node.Input(0));
        Value curve;
        if (node.GetString("approximate", "none") == "tanh")
        {
            var square = emit.Before(node, "Mul", "square", x, x);
            var cube = emit.Before(node, "Mul", "cube", square.Output, x);
            var small = emit.Before(node, "Mul", "cubic", cube.Output, step.Scalar("cubic_factor", 0.044715, x));
            var sum = emit.Before(node, "Add", "sum", x, small.Output);
            var scaled = emit.Before(node, "Mul", "scaled", sum.Output, step.Scalar("sqrt_2_by_pi", Math.Sqrt(2 / Math.PI), x));
            curve = emit.Before(node, "Tanh", "tanh", scaled.Output).Output;
        }
        else
        {
            var scaled = emit.Before(node, "Mul", "scaled", x, step.Scalar("sqrt_half", Math.Sqrt(0.5), x));
            curve = emit.Before(node, "Erf", "erf", scaled.Output).Output;
        }

        var gate = emit.Before(node, "Add", "gate", curve, step.Scalar("one", 1, x));
        var half = emit.Before(node, "Mul", "half", x, step.Scalar("half_factor", 0.5, x));
        NormalizationRules.Become(node, "Mul", half.Output, gate.Output);
    }

    private static void HardSwish(RespellStep step)
    {
        var (node, x) = (step.Node, step.Node.Input(0));
        var gate = step.Emit.Before(node, "HardSigmoid", "gate", x).With("alpha", 1f / 6).With("beta", 0.5f);
        NormalizationRules.Become(node, "Mul", x, gate.Output);
    }

    private static void Mish(RespellStep step)
    {
        var (node, x) = (step.Node, step.Node.Input(0));
        var soft = step.Emit.Before(node, "Softplus", "softplus", x);
        var gate = step.Emit.Before(node, "Tanh", "gate", soft.Output);
        NormalizationRules.Become(node, "Mul", x, gate.Output);
    }

    private static void Swish(RespellStep step)
    {
        var (node, emit, x) = (step.Node, step.Emit, step.Node.Input(0));
        var alpha = node.GetFloat("alpha", 1);
        var scaled = alpha == 1 ? x : emit.Before(node, "Mul", "scaled", x, step.Scalar("alpha", alpha, x)).Output;
        var gate = emit.Before(node, "Sigmoid", "gate", scaled);
        NormalizationRules.Become(node, "Mul", x, gate.Output);
    }
}
