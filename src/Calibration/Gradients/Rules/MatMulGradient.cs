using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>MatMul of matrices, stacked ones too: the error by the other factor turned over.</summary>
internal sealed class MatMulGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["MatMul"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        var (a, b, error, dims) = (node.Input(0)!, node.Input(1)!, builder.Of(node.Output)!, builder.Dims(node.Output));
        if (builder.Dims(a).Length < 2 || builder.Dims(b).Length < 2)
            return false;
        if (builder.Wants(a))
            Give(a, builder.Emit("MatMul", [error, Turned(b, builder)]), dims[^2], builder.Dims(a)[^1]);
        if (builder.Wants(b))
            Give(b, builder.Emit("MatMul", [Turned(a, builder), error]), builder.Dims(b)[^2], dims[^1]);
        return true;

        void Give(Value factor, Value gradient, long rows, long columns) =>
            builder.Give(factor, builder.Reduced(gradient, [.. dims[..^2], rows, columns], builder.Dims(factor)));
    }

    private static Value Turned(Value matrix, GradientBuilder builder)
    {
        var rank = builder.Dims(matrix).Length;
        return builder.Emit("Transpose", [matrix],
            n => n.With("perm", [.. Enumerable.Range(0, rank - 2).Select(a => (long)a), rank - 1, rank - 2]));
    }
}
