using MsSrConvert.GraphIR;
using MsSrConvert.PyTorch.Code;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>Split into parts of known length.</summary>
internal sealed class SplitOperator : IPythonOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Split"];

    public void Write(Node node, ForwardWriter code)
    {
        var axis = node.GetInt("axis", 0);
        var split = node.GetInts("split") ?? (node.Input(1) is null ? Even(node, axis, code) : node.Constants(1, code));
        code.Assign(node.Outputs,
            $"torch.split({code.Argument(node, 0)}, {PythonText.List(split)}, dim={ForwardWriter.Text(axis)})");
    }

    // The last part is shorter where the length isn't a multiple.
    private static IEnumerable<long> Even(Node node, long axis, ForwardWriter code)
    {
        var shape = code.Shape(node.Input(0)!);
        if (shape[(int)NodeFacts.Axis(axis, shape.Rank)] is not { IsKnown: true, Offset: var length })
            throw new NotInPyTorchException("the length of its parts isn't known");
        var parts = node.Outputs.Count;
        var part = (length + parts - 1) / parts;
        return Enumerable.Range(0, parts).Select(i => Math.Max(0, Math.Min(part, length - (i * part))));
    }
}
