using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Branching;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Rewrite;

/// <summary>
/// Lets every value that was put together and taken apart again be what it was in between: branches. Afterwards no internal
/// operator is left.
/// </summary>
public sealed class CancelCastsPass : IPass
{
    /// <inheritdoc/>
    public string Name => "cancel-casts";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var graph = model.Graph;
        foreach (var idle in graph.Nodes.Where(SplitOffMark.Is).ToArray())
        {
            idle.Output.ReplaceAllUsesWith(idle.Input(0)!);
            graph.Remove(idle);
        }

        var apart = graph.Nodes.Where(BranchCasts.IsToBranches).ToArray();
        foreach (var cast in apart)
        {
            var whole = cast.Input(0)!;
            if (whole.Producer is not { } joined || !BranchCasts.IsToWhole(joined))
                throw Broken($"'{whole.Name}' is read in branches but nothing computes its branches");
            for (var i = 0; i < cast.Outputs.Count; i++)
                cast.Outputs[i]!.ReplaceAllUsesWith(joined.Inputs[i]!);
            graph.Remove(cast);
        }

        foreach (var joined in graph.Nodes.Where(BranchCasts.IsToWhole).ToArray())
        {
            context.Branches[joined.Output.Name] = [.. joined.Inputs.OfType<Value>()];
            if (!joined.Output.IsUnused)
            {
                throw Broken(
                    $"'{joined.Output.Name}' exists in branches only, and {joined.Output.Uses.FirstOrDefault().Node} reads it whole");
            }

            graph.Remove(joined);
        }

        model.OpsetImports.Remove(BranchCasts.Domain);
        graph.SortTopologically();
        return new PassResult(apart.Length);
    }

    private static MsSrException Broken(string message) =>
        new(
            new Diagnostic("MSSR4002", Severity.Error,
                $"{message}. This is a mistake in the converter; please report it with the model."));
}
