using MsSrConvert.GraphIR;
using MsSrConvert.PyTorch.Code;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>Clip by numbers.</summary>
internal sealed class ClipOperator : IPythonOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Clip"];

    public void Write(Node node, ForwardWriter code)
    {
        var bounds = new[] { (Name: "min", Index: 1),
            (Name: "max", Index: 2) }.Where(b => node.Input(b.Index) is not null).ToArray();
        var x = code.Argument(node, 0);
        code.Assign(node,
            bounds.Length == 0
                ? x : $"torch.clamp({x}{string.Concat(bounds.Select(b => $", {b.Name}={Bound(node, b.Index, code)}"))})");
    }

    private static string Bound(Node node, int index, ForwardWriter code) =>
        code.Number(node.Input(index)) is { } bound
            ? PythonText.Of(bound) : throw new NotInPyTorchException("its bounds aren't numbers");
}
