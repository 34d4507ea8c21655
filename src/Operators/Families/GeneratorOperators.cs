using MsSrConvert.GraphIR;
using MsSrConvert.Operators.Checking;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators.Families;

/// <summary>Operators that make tensors out of shapes, sizes and nothing.</summary>
internal static class GeneratorOperators
{
    private static readonly string[] ConstantForms =
        ["value", "value_float", "value_floats", "value_int", "value_ints", "value_string", "value_strings", "sparse_value"];

    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("Constant")
        {
            Attributes =
            [
                Attr.Of("value", AttributeKind.Tensor), Attr.Float("value_float"), Attr.Of("value_floats", AttributeKind.Floats),
                Attr.Int("value_int"), Attr.Ints("value_ints"), Attr.Text("value_string"), Attr.Of("value_strings", AttributeKind.Texts),
            ],
            Relations = OneForm,
        },
        new("ConstantOfShape")
        {
            Inputs = [In.List("input").Rank(1, 1)],
            Attributes = [Attr.Of("value", AttributeKind.Tensor)],
            Relations = OneElement,
        },
        new("Shape") { Inputs = [Data], Attributes = [Attr.Int("start", 0), Attr.Int("end")] },
        new("Size") { Inputs = [Data] },
        new("Range") { Inputs = [Bound("start"), Bound("limit"), Bound("delta")], Relations = StepIsNotZero },
        new("EyeLike") { Inputs = [In.Of("input", TypeSet.Any).Rank(2, 2)], Attributes = [Attr.Int("dtype"), Attr.Int("k", 0)] },
        Random("RandomNormal", [], Attr.Float("mean", 0), Attr.Float("scale", 1), Attr.Ints("shape", min: 0).Required()),
        Random("RandomUniform", [], Attr.Float("low", 0), Attr.Float("high", 1), Attr.Ints("shape", min: 0).Required()),
        Random("RandomNormalLike", [Data], Attr.Float("mean", 0), Attr.Float("scale", 1)),
        Random("RandomUniformLike", [Data], Attr.Float("low", 0), Attr.Float("high", 1)),
        Random("Bernoulli", [In.Of("input", TypeSet.Floats)]),
        Random("Multinomial", [In.Of("input", TypeSet.Floats).Rank(2, 2)], Attr.Int("sample_size", 1, min: 1)),
    ];

    private static In Data => In.Of("data", TypeSet.Any);

    private static In Bound(string name) => In.T(name, TypeSet.Numbers).Rank(0, 1);

    private static Operator Random(string name, IReadOnlyList<In> inputs, params IReadOnlyList<Attr> attributes) =>
        new(name) { Inputs = inputs, Attributes = [.. attributes, Attr.Int("dtype"), Attr.Float("seed")] };

    private static void OneForm(NodeOperands node)
    {
        var forms = ConstantForms.Where(form => node.Attribute(form) is not null).ToArray();
        if (forms.Length > 1)
            node.RejectAttribute($"it has the attributes '{string.Join("' and '", forms)}'; a Constant has one of them");
        else if (forms.Length == 0 && !node.Node.Attributes.Values.Any(a => a is ReferenceAttribute))
            node.RejectAttribute("attribute 'value' is missing; a Constant needs it");
    }

    private static void OneElement(NodeOperands node)
    {
        if (node.Attribute("value") is TensorAttribute { Value: { Count: not 1 } value })
            node.RejectAttribute($"attribute 'value' has {value.Count} elements; it needs one");
    }

    private static void StepIsNotZero(NodeOperands node)
    {
        if (node.Numbers(2) is [0])
            node.RejectOperand($"{node.Name(2)} is 0; a range needs a step");
    }
}
