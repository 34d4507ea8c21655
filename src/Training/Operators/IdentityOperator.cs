namespace MsSrConvert.Training.Operators;

/// <summary>Operators that hand their input on; dropout does nothing here, as in a network that is used.</summary>
internal sealed class IdentityOperator : ITorchOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Identity", "Dropout"];

    public TorchStep Prepare(NodeContext context) => TorchStep.Of(context.Node.Input(0), x => x.alias());
}
