using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>
/// Operators that hand their input on; Dropout does when nothing is trained, and a converted network was trained without.
/// </summary>
internal sealed class IdentityOperator : IPythonOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Identity", "Dropout"];

    public void Write(Node node, ForwardWriter code)
    {
        if (node.Outputs.Skip(1).Any(o => o is { IsUnused: false }))
            throw new NotInPyTorchException("its second output is read");
        code.Assign(node, code.Argument(node, 0));
    }
}
