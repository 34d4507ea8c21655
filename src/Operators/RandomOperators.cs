using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using static MsSrConvert.Operators.OperatorVersion;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators;

/// <summary>Operators that draw random numbers.</summary>
internal static class RandomOperators
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        Random("RandomNormal", [7, 22], OfAttribute, [], Attr.Float("mean", 0), Attr.Float("scale", 1), Written),
        Random("RandomUniform", [7, 22], OfAttribute, [], Attr.Float("low", 0), Attr.Float("high", 1), Written),
        Random("RandomNormalLike", [7, 22], LikeInput, [Data], Attr.Float("mean", 0), Attr.Float("scale", 1)),
        Random("RandomUniformLike", [7, 22], LikeInput, [Data], Attr.Float("low", 0), Attr.Float("high", 1)),
        Random("Bernoulli", [15, 22], LikeInput, [In.Of("input", TypeSet.Floats)]),
        Random(
            "Multinomial", [7, 22], OfSamples, [In.Of("input", TypeSet.Floats).Rank(2, 2)], Attr.Int("sample_size", 1, min: 1)),
        new("Dropout",
            new([In.T("data", TypeSet.Floats)], Attr.Float("ratio", 0.5f)) { MaxOutputs = 2 },
            new([In.T("data", TypeSet.Floats), Single("ratio", TypeSet.Floats), Single("training_mode", TypeSet.Bool)])
            {
                Since = 12,
                MaxOutputs = 2,
            })
        {
            Traits = Traits.Unary | Traits.Random,
            Shape = InferDropout,
            Versions =
            [
                new(7) { Upgrade = step => step.Node.Attributes.Remove("is_test") }, Breaking(10, KeepDropoutMask),
                Breaking(12, step => step.Node.Attributes.Remove("ratio")), 13, 22,
            ],
            IsIdentity = (node, _) => IsInference(node) && node.Outputs.Skip(1).All(o => o is null or { IsUnused: true }),
        },
    ];

    private static Attr Written => Attr.Ints("shape", min: 0).Required();

    private static In Data => In.Of("data", TypeSet.Any);

    private static In Single(string name, TypeSet types) => In.Single(name, types).Optional();

    private static Operator Random(
        string name, IReadOnlyList<OperatorVersion> versions, ShapeRule shape, IReadOnlyList<In> inputs,
        params IReadOnlyList<Attr> attributes) =>
        new(name, new OperatorForm(inputs, [.. attributes, Attr.Int("dtype"), Attr.Float("seed")]))
        {
            Traits = Traits.Random,
            Shape = shape,
            Versions = versions,
        };

    private static void OfAttribute(ShapeContext context)
    {
        var shape = context.Ints("shape") is { } written ? Shape.Known(written) : null;
        context.Set(0, context.ElementAttribute("dtype", ElementType.Float), shape);
    }

    private static void LikeInput(ShapeContext context) =>
        context.Set(0, context.ElementAttribute("dtype", context.Element(0)), context.Shape(0));

    private static void OfSamples(ShapeContext context)
    {
        var shape = new Shape(context.Shape(0) is { Rank: > 0 } x ? x[0] : Dim.Unknown, context.IntOf("sample_size"));
        context.Set(0, context.ElementAttribute("dtype", ElementType.Int32), shape);
    }

    // Dropout: the result and the mask.
    private static void InferDropout(ShapeContext context)
    {
        context.Set(context.Shape(0));
        context.Set(1, ElementType.Bool, context.Shape(0));
    }

    private static bool IsInference(Node dropout) =>
        dropout.Input(2) is not { } training
            || (training.Constant() is { Element: ElementType.Bool } data && data.Bytes.Span[0] == 0);

    private static void KeepDropoutMask(RewriteStep step)
    {
        if (step.Node.Outputs.Skip(1).Any(o => o is { IsUnused: false }))
            throw step.Decline("its mask is read, whose type changed in opset 10");
    }
}
