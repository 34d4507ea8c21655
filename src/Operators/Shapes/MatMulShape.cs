using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Shapes;

/// <summary>Matrix products over the last two axes, the others broadcast; vectors as numpy's matmul takes them.</summary>
internal sealed class MatMulShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["MatMul", "MatMulInteger", "QLinearMatMul"];

    public void Infer(ShapeContext context)
    {
        var (right, element) = context.Node.OpType switch
        {
            "MatMulInteger" => (1, ElementType.Int32),
            "QLinearMatMul" => (3, context.Element(7)),
            _ => (1, context.Element(0)),
        };
        context.Set(0, element, Product(context, context.Shape(0), context.Shape(right)));
    }

    private static Shape? Product(ShapeContext context, Shape? a, Shape? b)
    {
        if (a is null || b is null)
            return null;
        ShapeContext.Require(a.Rank > 0 && b.Rank > 0, "it multiplies a scalar");
        context.Unify(a[^1], b.Rank == 1 ? b[0] : b[^2], "inner sizes of the product");
        var batch = context.Broadcast(new Shape(a.SkipLast(2)), new Shape(b.SkipLast(2)))!;
        return new Shape([.. batch, .. a.TakeLast(2).SkipLast(1), .. b.Rank == 1 ? Enumerable.Empty<Dim>() : b.TakeLast(1)]);
    }
}

/// <summary>Gemm: the product of two matrices, each transposed on demand.</summary>
internal sealed class GemmShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["Gemm"];

    public void Infer(ShapeContext context)
    {
        var a = Matrix(context, 0);
        var b = Matrix(context, 1);
        var (m, inner) = context.Int("transA", 0) != 0 ? (a[1], a[0]) : (a[0], a[1]);
        var (other, n) = context.Int("transB", 0) != 0 ? (b[1], b[0]) : (b[0], b[1]);
        context.Unify(inner, other, "inner sizes of the product");
        context.Set(new Shape(m, n));
    }

    private static Shape Matrix(ShapeContext context, int input)
    {
        var shape = context.Shape(input) ?? ShapeContext.UnknownOf(2);
        ShapeContext.Require(shape.Rank == 2, $"input {input} of shape {shape} isn't a matrix");
        return shape;
    }
}

/// <summary>Einsum with a written-out result and no ellipsis; others stay unknown.</summary>
internal sealed class EinsumShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["Einsum"];

    public void Infer(ShapeContext context)
    {
        context.Set(null);
        var equation = context.Text("equation", "").Replace(" ", "", StringComparison.Ordinal).Split("->");
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
}
