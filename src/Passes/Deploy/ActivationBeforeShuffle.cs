using MsSrConvert.GraphIR;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Deploy;

/// <summary>
/// Moves an activation that works element by element from behind a DepthToSpace in front of it, where runtimes fuse it into the
/// convolution that made the channels. The values are the same; for other activations the place makes no difference.
/// </summary>
public sealed class ActivationBeforeShuffle : IPass
{
    /// <inheritdoc/>
    public string Name => "activation-before-shuffle";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var changes = 0;
        foreach (var shuffle in model.Graph.Nodes.Where(n => n.Is("DepthToSpace")).ToArray())
        {
            while (Follower(shuffle) is { } activation)
            {
                Swap(shuffle, activation);
                changes++;
            }
        }

        if (changes > 0)
            model.Graph.SortTopologically();
        return new PassResult(changes);
    }

    private static Node? Follower(Node shuffle) =>
        shuffle.Output is { IsGraphOutput: false, Uses: [{ Index: 0 } use] } && use.Node.Graph == shuffle.Graph
            && use.Node.Has(Traits.FusedIntoConv) && use.Node.Inputs.Skip(1).All(v => v is null or { Initializer: not null })
            ? use.Node
            : null;

    private static void Swap(Node shuffle, Node activation)
    {
        var (between, result, input) = (shuffle.Output, activation.Output, shuffle.Input(0));
        shuffle.SetOutput(0, null);
        activation.SetOutput(0, between);
        shuffle.SetOutput(0, result);
        activation.SetInput(0, input);
        shuffle.SetInput(0, between);
        between.Type = input!.Type;
    }
}
