namespace MsSrConvert.GraphIR.Verify;

/// <summary>A broken invariant of the IR.</summary>
/// <param name="Invariant">The invariant's number, e.g. <c>IR04</c>.</param>
/// <param name="Message">What is broken and where.</param>
public sealed record Violation(string Invariant, string Message);

/// <summary>
/// Checks the numbered invariants that every model must keep between passes; docs/ir.md lists them. Takes time linear in the
/// size of the graph and reads no external data.
/// </summary>
public static class GraphVerifier
{
    /// <summary>All broken invariants, in graph order; none for a sound model.</summary>
    public static IReadOnlyList<Violation> Check(Model model)
    {
        var violations = new List<Violation>();
        var functions = model.Functions.Select(f => $"{f.Domain}::{f.Name}").ToHashSet();
        new GraphCheck(violations, model.OpsetImports, functions).Run(model.Graph);
        foreach (var function in model.Functions)
            new GraphCheck(violations, function.OpsetImports, functions).Run(function.Body);
        return violations;
    }
}
