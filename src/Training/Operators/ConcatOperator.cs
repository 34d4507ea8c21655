using static TorchSharp.torch;

namespace MsSrConvert.Training.Operators;

/// <summary>Joins values along an axis.</summary>
internal sealed class ConcatOperator : ITorchOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Concat"];

    public TorchStep Prepare(NodeContext context)
    {
        var axis = context.Node.GetInt("axis", 1);
        return TorchStep.Of(context.Node.Inputs, x => cat(x, axis));
    }
}
