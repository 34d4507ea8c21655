using MsSrConvert.GraphIR;

namespace MsSrConvert.Operators.Versions;

/// <summary>What operators compute, in simpler ones of the same opset.</summary>
internal static class Formulas
{
    private static readonly Dictionary<string, Action<Formula>> All = new()
    {
        ["BatchNormalization"] = BatchNormalization,
        ["Celu"] = f => f.Becomes("Mul", Elu(f, f.Of("Div", f.X, f.Number(f.Attribute("alpha"))), 1), f.Number(f.Attribute("alpha"))),
        ["Cosh"] = f => f.Becomes("Mul", f.Of("Add", f.Of("Exp", f.X), f.Of("Exp", f.Of("Neg", f.X))), f.Number(0.5)),
        ["Elu"] = ExponentialBelowZero,
        ["Gemm"] = Gemm,
        ["GlobalLpPool"] = f => f.Becomes("Pow", Reduced(f, Power(f, f.Integer("p"))), f.Number(1.0 / f.Integer("p"))),
        ["GlobalMaxPool"] = GlobalMaxPool,
        ["HardSigmoid"] = f => f.Becomes("Clip",
            f.Of("Add", f.Of("Mul", f.X, f.Number(f.Attribute("alpha"))), f.Number(f.Attribute("beta"))), f.Number(0), f.Number(1)),
        ["InstanceNormalization"] = f => Scaled(f, f.Normalize(f.X, f.Attribute("epsilon"), f.AxesFrom(2)), f.Node.Input(1)!, f.Node.Input(2)!),
        ["LogSoftmax"] = LogSoftmax,
        ["LpNormalization"] = LpNormalization,
        ["LpPool"] = LpPool,
        ["Mean"] = f => f.Becomes("Mul", f.Of("Sum", [.. f.Node.Inputs]), f.Number(1.0 / f.Node.Inputs.Count)),
        ["MeanVarianceNormalization"] = MeanVarianceNormalization,
        ["Neg"] = f => f.Becomes("Mul", f.X, f.Number(-1)),
        ["Reciprocal"] = f => f.Becomes("Div", f.Number(1), f.X),
        ["ReduceL1"] = f => Last(f, "ReduceSum", f.Of("Abs", f.X)),
        ["ReduceL2"] = f => f.Becomes("Sqrt", f.ReduceAlike("ReduceSum", f.Of("Mul", f.X, f.X))),
        ["ReduceLogSum"] = f => f.Becomes("Log", f.ReduceAlike("ReduceSum", f.X)),
        ["ReduceLogSumExp"] = ReduceLogSumExp,
        ["ReduceSumSquare"] = f => Last(f, "ReduceSum", f.Of("Mul", f.X, f.X)),
        ["RMSNormalization"] = RmsNormalization,
        ["Selu"] = f => f.Becomes("Mul", Elu(f, f.X, f.Attribute("alpha")), f.Number(f.Attribute("gamma"))),
        ["Shrink"] = Shrink,
        ["Sinh"] = f => f.Becomes("Mul", f.Of("Sub", f.Of("Exp", f.X), f.Of("Exp", f.Of("Neg", f.X))), f.Number(0.5)),
        ["Softmax"] = Softmax,
        ["Softplus"] = f => f.Becomes("Add", f.Of("Relu", f.X),
            f.Of("Log", f.Of("Add", f.Of("Exp", f.Of("Neg", f.Of("Abs", f.X))), f.Number(1)))),
        ["Softsign"] = f => f.Becomes("Div", f.X, f.Of("Add", f.Of("Abs", f.X), f.Number(1))),
        ["Tan"] = f => f.Becomes("Div", f.Of("Sin", f.X), f.Of("Cos", f.X)),
        ["ThresholdedRelu"] = f => f.Becomes("Where", f.Of("Greater", f.X, f.Number(f.Attribute("alpha"))), f.X, f.Number(0)),
    };

    /// <summary>The formula of an operator as a decomposition, or null.</summary>
    public static Respelling? Find(string opType) =>
        All.TryGetValue(opType, out var formula) ? step => formula(new Formula(step)) : null;

    private static Value Elu(Formula f, Value x, double alpha) => f.NodeOf("Elu", x).With("alpha", (float)alpha).Output;

    // relu(x) + alpha·(exp(-relu(-x)) - 1): no exponential of a large number.
    private static void ExponentialBelowZero(Formula f)
    {
        var below = f.Of("Sub", f.Of("Exp", f.Of("Neg", f.Of("Relu", f.Of("Neg", f.X)))), f.Number(1));
        f.Becomes("Add", f.Of("Relu", f.X), f.Of("Mul", below, f.Number(f.Attribute("alpha"))));
    }

    private static void Shrink(Formula f)
    {
        var (bound, bias) = (f.Attribute("lambd"), f.Number(f.Attribute("bias")));
        var above = f.Of("Where", f.Of("Greater", f.X, f.Number(bound)), f.Of("Sub", f.X, bias), f.Number(0));
        f.Becomes("Where", f.Of("Less", f.X, f.Number(-bound)), f.Of("Add", f.X, bias), above);
    }

    private static long SoftmaxAxis(Formula f) => f.Node.GetInt("axis", -1);

    // With its largest number at 0 no exponential grows beyond 1.
    private static Value Below(Formula f) => f.Of("Sub", f.X, f.Reduce("ReduceMax", f.X, SoftmaxAxis(f)));

    private static void Softmax(Formula f)
    {
        var powers = f.Of("Exp", Below(f));
        f.Becomes("Div", powers, f.Reduce("ReduceSum", powers, SoftmaxAxis(f)));
    }

    // Without its largest number, which is added again: as in Softmax.
    private static void ReduceLogSumExp(Formula f)
    {
        var sum = f.ReduceAlike("ReduceSum", f.Of("Exp", f.Of("Sub", f.X, f.ReduceAlike("ReduceMax", f.X, keepAxes: true))));
        f.Becomes("Add", f.Of("Log", sum), f.ReduceAlike("ReduceMax", f.X));
    }

    private static void LogSoftmax(Formula f)
    {
        var below = Below(f);
        f.Becomes("Sub", below, f.Of("Log", f.Reduce("ReduceSum", f.Of("Exp", below), SoftmaxAxis(f))));
    }

    private static void Last(Formula f, string opType, Value x)
    {
        var reduced = f.ReduceAlike(opType, x);
        f.Becomes("Identity", reduced);
    }

    private static Value Power(Formula f, long p) => f.Of("Pow", f.Of("Abs", f.X), f.Number(p));

    private static Value Reduced(Formula f, Value x) => f.Reduce("ReduceSum", x, f.AxesFrom(2));

    private static void GlobalMaxPool(Formula f)
    {
        var largest = f.Reduce("ReduceMax", f.X, f.AxesFrom(2));
        f.Becomes("Identity", largest);
    }

    // The mean over all of a window, pads too, times its size is the sum.
    private static void LpPool(Formula f)
    {
        var (p, window) = (f.Integer("p"), f.Node.GetInts("kernel_shape") ?? throw f.Decline("it has no kernel_shape"));
        if (f.Node.GetInt("ceil_mode", 0) != 0)
            throw f.Decline("its last windows reach beyond the image");
        var mean = f.NodeOf("AveragePool", Power(f, p)).With("count_include_pad", 1);
        foreach (var (name, value) in f.Node.Attributes.Where(a => a.Key != "p"))
            mean.With(name, value);
        f.Becomes("Pow", f.Of("Mul", mean.Output, f.Number(window.Aggregate(1L, (a, b) => a * b))), f.Number(1.0 / p));
    }

    private static void LpNormalization(Formula f)
    {
        var (p, axis) = (f.Integer("p"), f.Integer("axis"));
        var norm = p == 1 ? f.Reduce("ReduceSum", f.Of("Abs", f.X), axis) : f.Of("Sqrt", f.Reduce("ReduceSum", f.Of("Mul", f.X, f.X), axis));
        f.Becomes("Div", f.X, norm);
    }

    private static void MeanVarianceNormalization(Formula f)
    {
        // ONNX Runtime adds this to the deviation.
        const double epsilon = 1e-9;
        var axes = f.Node.GetInts("axes")?.ToArray() ?? [0, 2, 3];
        var centred = f.Of("Sub", f.X, f.Reduce("ReduceMean", f.X, axes));
        f.Becomes("Div", centred, f.Of("Add", f.Deviation(centred, 0, axes), f.Number(epsilon)));
    }

    private static void RmsNormalization(Formula f)
    {
        var axis = f.Integer("axis");
        var axes = f.AxesFrom((int)(axis < 0 ? axis + f.Rank : axis));
        f.Becomes("Mul", f.Of("Div", f.X, f.Deviation(f.X, f.Attribute("epsilon"), axes)), f.Node.Input(1));
    }

    private static void BatchNormalization(Formula f)
    {
        if (f.Node.GetInt("training_mode", 0) != 0 || f.Node.Outputs.Count > 1)
            throw f.Decline("it is in training form");
        Value Parameter(int index) => f.PerChannel(f.Node.Input(index)!);
        var deviation = f.Of("Sqrt", f.Of("Add", Parameter(4), f.Number(f.Attribute("epsilon"))));
        Scaled(f, f.Of("Div", f.Of("Sub", f.X, Parameter(3)), deviation), f.Node.Input(1)!, f.Node.Input(2)!);
    }

    private static void Scaled(Formula f, Value x, Value scale, Value bias) =>
        f.Becomes("Add", f.Of("Mul", x, f.PerChannel(scale)), f.PerChannel(bias));

    private static void Gemm(Formula f)
    {
        Value Turned(int index, string attribute) =>
            f.Node.GetInt(attribute, 0) == 0 ? f.Node.Input(index)! : f.NodeOf("Transpose", f.Node.Input(index)).With("perm", [1, 0]).Output;
        Value Times(Value value, string attribute) =>
            f.Attribute(attribute) == 1 ? value : f.Of("Mul", value, f.Number(f.Attribute(attribute)));
        var (a, b) = (Turned(0, "transA"), Turned(1, "transB"));
        var product = Times(f.Of("MatMul", a, b), "alpha");
        if (f.Node.Input(2) is { } bias)
            f.Becomes("Add", product, Times(bias, "beta"));
        else
            f.Becomes("Identity", product);
    }
}
