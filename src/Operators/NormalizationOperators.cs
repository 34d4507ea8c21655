using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using static MsSrConvert.Operators.OperatorVersion;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators;

/// <summary>Operators that normalise feature maps.</summary>
internal static class NormalizationOperators
{
    private const int ReducedOutputs = 14;
    private const int ParametersPerChannel = 21;

    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("BatchNormalization", Batch(5, "mean", "var", Attr.Flag("spatial", 1)),
            Batch(3, "input_mean", "input_var") with { Since = ReducedOutputs })
        {
            Traits = Traits.PerChannel,
            Shape = InferBatch,
            Versions =
            [
                new(7) { Upgrade = step => step.Node.Attributes.Remove("is_test") }, Breaking(9, DropSpatial),
                Breaking(ReducedOutputs, DropTrainingOutputs, _ => { }), 15,
            ],
            Decomposition = Formula.Decomposition(DecomposeBatch),
        },
        new("InstanceNormalization", new OperatorForm(
            [In.T("input", TypeSet.Floats).Rank(3), PerChannel("scale"), PerChannel("B")],
            Epsilon)
        {
            Relations = node => CheckChannels(node, 2),
        })
        {
            Traits = Traits.WholeMap,
            Shape = SharedShapes.Same,
            Versions = [7, 22],
            Decomposition = Formula.Decomposition(f =>
                Scale(f, f.Normalize(f.X, f.Float("epsilon"), f.AxesFrom(2)), f.Node.Input(1)!, f.Node.Input(2)!)),
        },
        new("GroupNormalization", new OperatorForm(
            [In.T("X", TypeSet.Floats).Rank(3), PerChannel("scale"), PerChannel("bias")],
            Epsilon, Attr.Int("num_groups", min: 1).Required(), Attr.Int("stash_type", 1))
        {
            Relations = CheckGroups,
        })
        {
            Traits = Traits.WholeMap,
            Shape = SharedShapes.Same,
            Versions = [18, Breaking(ParametersPerChannel, GroupNormalizationPerChannel, DecomposeGroups)],
            Decomposition = DecomposeGroups,
        },
        new("LayerNormalization", new OperatorForm(
            [In.T("X", TypeSet.Floats), In.Of("Scale", TypeSet.Floats), In.Of("B", TypeSet.Floats).Optional()],
            Attr.Axis(fallback: -1), Epsilon, Attr.Int("stash_type", 1))
        {
            MaxOutputs = 3,
        })
        {
            Traits = Traits.WholeMap,
            Shape = InferLayer,
            Versions = [17],
            Decomposition = DecomposeLayer,
        },
        new("RMSNormalization", new OperatorForm(
            [In.Of("X", TypeSet.Floats), In.Of("scale", TypeSet.Floats)],
            Attr.Axis(fallback: -1), Epsilon, Attr.Int("stash_type", 1)))
        {
            Traits = Traits.WholeMap,
            Shape = SharedShapes.Same,
            Versions = [23],
            Decomposition = Formula.Decomposition(DecomposeRootMeanSquare),
        },
        new("LRN", new OperatorForm(
            [In.T("X", TypeSet.Floats)],
            Attr.Int("size", min: 1).Required(), Attr.Float("alpha", 1e-4f), Attr.Float("beta", 0.75f), Attr.Float("bias", 1)))
        {
            Shape = SharedShapes.Same,
            Versions = [7, 13],
        },
        new("LpNormalization", new OperatorForm(
            [In.T("input", TypeSet.Floats)], Attr.Axis(fallback: -1), Attr.Int("p", 2, min: 1, max: 2)))
        {
            Traits = Traits.AlongAxis,
            Shape = SharedShapes.Same,
            Versions = [7, 22],
            Decomposition = Formula.Decomposition(DecomposeLp),
        },
        new("MeanVarianceNormalization", new OperatorForm([In.T("X", TypeSet.Floats)], Attr.Ints("axes")))
        {
            Traits = Traits.WholeMap,
            Shape = SharedShapes.Same,
            Versions = [9, 13],
            Decomposition = Formula.Decomposition(DecomposeMeanVariance),
        },
    ];

    private static Attr Epsilon => Attr.Float("epsilon", 1e-5f);

    private static OperatorForm Batch(int outputs, string mean, string variance, params IReadOnlyList<Attr> attributes) => new(
        [In.T("X", TypeSet.Floats), Parameter("scale"), Parameter("B"), Parameter(mean), Parameter(variance)],
        [Epsilon, Attr.Float("momentum", 0.9f), Attr.Flag("training_mode").Added(ReducedOutputs), .. attributes])
    {
        MaxOutputs = outputs,
        Relations = node => CheckChannels(node, 4),
    };

    private static In PerChannel(string name) => In.T(name, TypeSet.Floats).Rank(1, 1);

    private static In Parameter(string name) => In.Of(name, TypeSet.Floats);

    // Before opset 9 a BatchNormalization could have one parameter for each element; those are as long as the map is large.
    private static void CheckChannels(NodeOperands node, int parameters)
    {
        if (node.Node.Is("BatchNormalization") && node.Int("spatial") == 0 && node.Attribute("spatial") is not null)
            return;
        var first = node.Rank(1) == 1 ? node.Size(1, 0) : null;
        var channels = node.Size(0, 1) ?? first;
        for (var i = 1; i <= parameters; i++)
            node.RequireLength(i, channels, "one for each channel");
    }

    private static void CheckGroups(NodeOperands node)
    {
        var groups = node.Int("num_groups");
        if (node.Size(0, 1) is { } channels && groups > 0 && channels % groups != 0)
            node.RejectAttribute($"attribute 'num_groups' is {groups}; it must divide the {channels} channels");
    }

    // BatchNormalization: the result, and in training the statistics per channel.
    private static void InferBatch(ShapeContext context)
    {
        context.Set(context.Shape(0));
        for (var i = 1; i < context.Node.Outputs.Count; i++)
            context.Set(i, context.Element(3), context.Shape(3));
    }

    // LayerNormalization: the result, and the statistics with the normalised axes reduced to one.
    private static void InferLayer(ShapeContext context)
    {
        var shape = context.Shape(0);
        context.Set(shape);
        var stash = context.ElementAttribute("stash_type", ElementType.Float);
        Shape? reduced = null;
        if (shape is not null)
        {
            var axis = ShapeContext.Axis(context.IntOf("axis"), shape.Rank);
            reduced = new Shape(shape.Select((d, i) => i < axis ? d : 1));
        }

        context.Set(1, stash, reduced);
        context.Set(2, stash, reduced);
    }

    private static void DropSpatial(RewriteStep step)
    {
        if (step.Int("spatial") == 0)
            throw step.Decline("its statistics are per element (spatial = 0), which later opsets don't have");
        step.Node.Attributes.Remove("spatial");
    }

    private static void DropTrainingOutputs(RewriteStep step)
    {
        if (step.Node.Outputs.Skip(1).Any(o => o is { IsUnused: false }))
            throw step.Decline("it is a training-mode BatchNormalization, its statistics outputs are read");
        step.Node.TruncateOutputs(1);
    }

    // GroupNormalization 18 to 21: scale and bias per group become scale and bias per channel.
    private static void GroupNormalizationPerChannel(RewriteStep step)
    {
        var node = step.Node;
        var groups = step.Int("num_groups");
        if (step.ShapeOf(node.Input(0)) is not { Rank: > 1 } shape || !shape[1].IsKnown)
            throw step.Decline("the number of channels is unknown");
        var repeat = shape[1].Value / groups;
        foreach (var (index, suffix) in new[] { (1, "scale"), (2, "bias") })
        {
            var data = node.Input(index).Constant() ?? throw step.Decline("its scale or bias isn't constant");
            var wide = TensorMovement.View(data, [groups, repeat], 0, [1, 0]);
            node.SetInput(index, step.Emit.Initializer(node, suffix, TensorNumbers.Reshaped(wide, shape[1].Value)));
        }
    }

    // GroupNormalization before it existed, or before opset ParametersPerChannel: instance normalization of reshaped groups.
    private static void DecomposeGroups(RewriteStep step)
    {
        var node = step.Node;
        var (x, scale, bias) = (node.Input(0), node.Input(1), node.Input(2));
        var groups = step.Int("num_groups");
        if (step.ShapeOf(x)?.Rank is not { } rank)
            throw step.Decline("the rank of its input is unknown");
        if (step.KeepsWeights)
        {
            NormalizeGroups(step, groups);
            return;
        }

        if (step.From < ParametersPerChannel && scale.Constant()?.Count != 1 && !HasOneGroupPerChannel(step, groups))
        {
            GroupNormalizationPerChannel(step);
            (scale, bias) = (node.Input(1), node.Input(2));
        }

        var emit = step.Emit;
        var element = step.ElementOf(x);
        var ones = emit.Initializer(node, "ones", TensorNumbers.OfDoubles(element, Filled(groups, 1), groups));
        var zeros = emit.Initializer(node, "zeros", TensorNumbers.OfDoubles(element, Filled(groups, 0), groups));
        var size = emit.Before(node, "Shape", "shape", x);
        var grouped = emit.Before(node, "Reshape", "grouped", x, emit.Ints(node, "groups", 0, groups, -1));
        var normal = emit.Before(node, "InstanceNormalization", "normal", grouped.Output, ones, zeros)
            .With("epsilon", step.Float("epsilon"));
        var whole = emit.Before(node, "Reshape", "whole", normal.Output, size.Output);
        long[] perChannel = [-1, .. Enumerable.Repeat(1L, rank - 2)];
        var scaled = emit.Before(node, "Mul", "scaled", whole.Output, Shaped(step, scale, "scale", perChannel));
        step.Become("Add", scaled.Output, Shaped(step, bias, "bias", perChannel));
    }

    // Scale and bias stay the tensors that they are; before opset ParametersPerChannel they belong to groups.
    private static void NormalizeGroups(RewriteStep step, long groups)
    {
        var f = new Formula(step);
        var (scale, bias) = (f.Node.Input(1)!, f.Node.Input(2)!);
        var size = f.Of("Shape", f.X);
        var normal = f.Normalize(f.Of("Reshape", f.X, f.Integers(0, groups, -1)), f.Float("epsilon"), 2);
        if (step.From >= ParametersPerChannel)
        {
            Scale(f, f.Of("Reshape", normal, size), scale, bias);
            return;
        }

        var scaled = f.Of("Mul", normal, f.Of("Reshape", scale, f.Integers(-1, 1)));
        f.Becomes("Reshape", f.Of("Add", scaled, f.Of("Reshape", bias, f.Integers(-1, 1))), size);
    }

    // LayerNormalization before opset 17: mean and variance by reductions.
    private static void DecomposeLayer(RewriteStep step)
    {
        var node = step.Node;
        if (node.Outputs.Skip(1).Any(o => o is { IsUnused: false }))
            throw step.Decline("its mean or deviation output is read");
        node.TruncateOutputs(1);
        var (x, scale, bias) = (node.Input(0), node.Input(1), node.Input(2));
        var axis = step.Int("axis");
        if (axis >= 0)
            axis -= step.ShapeOf(x)?.Rank ?? throw step.Decline("the rank of its input is unknown");
        long[] axes = [.. Enumerable.Range((int)axis, (int)-axis).Select(a => (long)a)];
        var emit = step.Emit;
        var mean = step.Reduce("ReduceMean", "mean", x, axes);
        var centred = emit.Before(node, "Sub", "centred", x, mean);
        var square = emit.Before(node, "Mul", "square", centred.Output, centred.Output);
        var variance = step.Reduce("ReduceMean", "variance", square.Output, axes);
        var epsilon = step.Scalar("epsilon", step.Float("epsilon"), x);
        var shifted = emit.Before(node, "Add", "shifted", variance, epsilon);
        var deviation = emit.Before(node, "Sqrt", "deviation", shifted.Output);
        var normal = emit.Before(node, "Div", "normal", centred.Output, deviation.Output);
        if (bias is null)
        {
            step.Become("Mul", normal.Output, scale);
            return;
        }

        var scaled = emit.Before(node, "Mul", "scaled", normal.Output, scale);
        step.Become("Add", scaled.Output, bias);
    }

    private static bool HasOneGroupPerChannel(RewriteStep step, long groups) =>
        step.ShapeOf(step.Node.Input(0)) is { Rank: > 1 } shape && shape[1] == Dim.Known(groups);

    private static double[] Filled(long count, double value) => [.. Enumerable.Repeat(value, (int)count)];

    private static Value? Shaped(RewriteStep step, Value? value, string suffix, long[] dims)
    {
        var (node, emit) = (step.Node, step.Emit);
        if (value.Constant() is not { } data)
            return emit.Before(node, "Reshape", suffix, value, emit.Ints(node, suffix + "_shape", dims)).Output;
        return emit.Initializer(node, suffix, TensorNumbers.Reshaped(data, [data.Count, .. dims[1..]]));
    }

    private static void Scale(Formula f, Value x, Value scale, Value bias) =>
        f.Becomes("Add", f.Of("Mul", x, f.PerChannel(scale)), f.PerChannel(bias));

    private static void DecomposeBatch(Formula f)
    {
        if (f.Int("training_mode") != 0 || f.Node.Outputs.Count > 1)
            throw f.Decline("it is in training form");
        Value Parameter(int index) => f.PerChannel(f.Node.Input(index)!);
        var deviation = f.Of("Sqrt", f.Of("Add", Parameter(4), f.Number(f.Float("epsilon"))));
        Scale(f, f.Of("Div", f.Of("Sub", f.X, Parameter(3)), deviation), f.Node.Input(1)!, f.Node.Input(2)!);
    }

    private static void DecomposeRootMeanSquare(Formula f)
    {
        var axes = f.AxesFrom(Constants.FromFront(f.Int("axis"), f.Rank));
        f.Becomes("Mul", f.Of("Div", f.X, f.Deviation(f.X, f.Float("epsilon"), axes)), f.Node.Input(1));
    }

    private static void DecomposeLp(Formula f)
    {
        var axis = f.Int("axis");
        var norm = f.Int("p") == 1
            ? f.Reduce("ReduceSum", f.Of("Abs", f.X), axis)
            : f.Of("Sqrt", f.Reduce("ReduceSum", f.Of("Mul", f.X, f.X), axis));
        f.Becomes("Div", f.X, norm);
    }

    private static void DecomposeMeanVariance(Formula f)
    {
        // What the operator's definition adds to the deviation.
        const double epsilon = 1e-9;
        var axes = f.Node.GetInts("axes")?.ToArray() ?? [0, 2, 3];
        var centred = f.Of("Sub", f.X, f.Reduce("ReduceMean", f.X, axes));
        f.Becomes("Div", centred, f.Of("Add", f.Deviation(centred, 0, axes), f.Number(epsilon)));
    }
}
