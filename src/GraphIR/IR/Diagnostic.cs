namespace MsSrConvert.GraphIR;

/// <summary>How much a diagnostic weighs.</summary>
public enum Severity
{
    /// <summary>Worth knowing.</summary>
    Info,
    /// <summary>The result stands but may not be what was wanted.</summary>
    Warning,
    /// <summary>There is no result.</summary>
    Error,
}

/// <summary>A message for a person: what, where, why, and what to do about it.</summary>
/// <param name="Id">
/// A stable id, <c>MSSR</c> and four digits: 1xxx read, 2xxx declined, 3xxx options, 4xxx internal, 5xxx validation.
/// </param>
/// <param name="Severity">How much it weighs.</param>
/// <param name="Message">What is the case, and why.</param>
/// <param name="Where">The node, value or file concerned, or null.</param>
/// <param name="Hint">What to do, or null.</param>
public sealed record Diagnostic(string Id, Severity Severity, string Message, string? Where = null, string? Hint = null)
{
    /// <summary>The message on one line.</summary>
    public override string ToString() =>
        $"{Id}: {(Where is null ? "" : Where + ": ")}{Message}{(Hint is null ? "" : " " + Hint)}";
}

/// <summary>Stops the work with a diagnostic.</summary>
public sealed class MsSrException : Exception
{
    /// <summary>Wraps a diagnostic.</summary>
    public MsSrException(Diagnostic diagnostic, Exception? inner = null) : base(diagnostic.ToString(), inner) =>
        Diagnostic = diagnostic;

    /// <summary>The message's parts.</summary>
    public Diagnostic Diagnostic { get; }
}
