using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators;

/// <summary>Products of matrices.</summary>
internal static class ProductOperators
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("MatMul", new OperatorForm([In.T("A", TypeSet.Numbers).Rank(1), In.T("B", TypeSet.Numbers).Rank(1)]))
        {
            Traits = Traits.Product,
            Shape = context => context.Set(0, context.Element(0), Product(context, context.Shape(0), context.Shape(1))),
            Versions = [7, 9, 13],
        },
        new("Gemm", Gemm(Addend), Gemm(Addend.Optional()) with { Since = 11 })
        {
            Traits = Traits.Product,
            Shape = InferGemm,
            Versions = [new(7) { Upgrade = LegacyBroadcast.DropFlag }, 9, 11, 13],
            Decomposition = Formula.Decomposition(DecomposeGemm),
        },
        new("Einsum", new OperatorForm([In.T("Inputs", TypeSet.Numbers).Variadic()], Attr.Text("equation").Required()))
        {
            Traits = Traits.Product,
            Shape = InferEinsum,
            Versions = [12],
        },
        new("MatMulInteger", new OperatorForm(
        [
            In.Of("A", TypeSet.Bytes).Rank(1), In.Of("B", TypeSet.Bytes).Rank(1), In.Of("a_zero_point", TypeSet.Bytes).Optional(),
            In.Of("b_zero_point", TypeSet.Bytes).Optional(),
        ]))
        {
            Traits = Traits.Product,
            Shape = context => context.Set(0, ElementType.Int32, Product(context, context.Shape(0), context.Shape(1))),
            Versions = [10],
        },
        new("QLinearMatMul", new OperatorForm(
        [
            In.Of("a", TypeSet.Any), In.Of("a_scale", TypeSet.Floats), In.Of("a_zero_point", TypeSet.Any),
            In.Of("b", TypeSet.Any), In.Of("b_scale", TypeSet.Floats), In.Of("b_zero_point", TypeSet.Any),
            In.Of("y_scale", TypeSet.Floats), In.Of("y_zero_point", TypeSet.Any),
        ]))
        {
            Traits = Traits.Product,
            Shape = context => context.Set(0, context.Element(7), Product(context, context.Shape(0), context.Shape(3))),
            Versions = [10, 21],
        },
        new("Det", new OperatorForm([In.T("X", TypeSet.Floats).Rank(2)]))
        {
            Traits = Traits.WholeMap,
            Shape = InferDet,
            Versions = [11, 22],
        },
    ];

    private static In Addend => In.T("C", TypeSet.Numbers).Rank(0, 2);

    private static OperatorForm Gemm(In addend) => new(
        [In.T("A", TypeSet.Numbers).Rank(2, 2), In.T("B", TypeSet.Numbers).Rank(2, 2), addend],
        Attr.Float("alpha", 1), Attr.Float("beta", 1), Attr.Flag("transA"), Attr.Flag("transB"));

    // Products over the last two axes, the others broadcast; vectors as numpy's matmul takes them.
    private static Shape? Product(ShapeContext context, Shape? a, Shape? b)
    {
        if (a is null || b is null)
            return null;
        ShapeContext.Require(a.Rank > 0 && b.Rank > 0, "it multiplies a scalar");
        context.Unify(a[^1], b.Rank == 1 ? b[0] : b[^2], "inner sizes of the product");
        var batch = context.Broadcast(new Shape(a.SkipLast(2)), new Shape(b.SkipLast(2)))!;
        return new Shape([.. batch, .. a.TakeLast(2).SkipLast(1), .. b.Rank == 1 ? Enumerable.Empty<Dim>() : b.TakeLast(1)]);
    }

    // Gemm: the product of two matrices, each transposed on demand.
    private static void InferGemm(ShapeContext context)
    {
        var a = Matrix(context, 0);
        var b = Matrix(context, 1);
        var (m, inner) = context.IntOf("transA") != 0 ? (a[1], a[0]) : (a[0], a[1]);
        var (other, n) = context.IntOf("transB") != 0 ? (b[1], b[0]) : (b[0], b[1]);
        context.Unify(inner, other, "inner sizes of the product");
        context.Set(new Shape(m, n));
    }

    private static Shape Matrix(ShapeContext context, int input)
    {
        var shape = context.Shape(input) ?? ShapeContext.UnknownOf(2);
        ShapeContext.Require(shape.Rank == 2, $"input {input} of shape {shape} isn't a matrix");
        return shape;
    }

    // Einsum with a written-out result and no ellipsis; others stay unknown.
    private static void InferEinsum(ShapeContext context)
    {
        context.Set(null);
        var equation = context.TextOf("equation").Replace(" ", "", StringComparison.Ordinal).Split("->");
        if (equation.Length != 2 || equation.Any(side => side.Contains('.', StringComparison.Ordinal)))
            return;
        var terms = equation[0].Split(',');
        ShapeContext.Require(terms.Length == context.Node.Inputs.Count, "its equation doesn't fit its inputs");
        var sizes = new Dictionary<char, Dim>();
        for (var i = 0; i < terms.Length; i++)
        {
            if (context.Shape(i) is not { } shape)
                continue;
            ShapeContext.Require(shape.Rank == terms[i].Length, $"term '{terms[i]}' doesn't fit {shape}");
            foreach (var (letter, dim) in terms[i].Zip(shape))
                sizes[letter] = context.Unify(sizes.GetValueOrDefault(letter), dim, $"sizes of '{letter}'");
        }

        context.Set(new Shape(equation[1].Select(letter => sizes.GetValueOrDefault(letter))));
    }

    // Det: the determinants of the last two axes.
    private static void InferDet(ShapeContext context)
    {
        context.Set(null);
        if (context.Shape(0) is not { } shape)
            return;
        ShapeContext.Require(shape.Rank >= 2, $"{shape} holds no matrices");
        context.Set(new Shape(shape.SkipLast(2)));
    }

    private static void DecomposeGemm(Formula f)
    {
        Value Turned(int index, string flag) =>
            f.Int(flag) == 0 ? f.Node.Input(index)! : f.NodeOf("Transpose", f.Node.Input(index)).With("perm", [1, 0]).Output;
        Value Times(Value value, string factor) => f.Float(factor) == 1 ? value : f.Of("Mul", value, f.Number(f.Float(factor)));
        var (a, b) = (Turned(0, "transA"), Turned(1, "transB"));
        var product = Times(f.Of("MatMul", a, b), "alpha");
        if (f.Node.Input(2) is { } bias)
            f.Becomes("Add", product, Times(bias, "beta"));
        else
            f.Becomes("Identity", product);
    }
}
