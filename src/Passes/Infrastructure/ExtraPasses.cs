namespace MsSrConvert.Passes.Infrastructure;

/// <summary>
/// Passes that run beside a conversion's own, each before or after a stage. They are verified, told to observers and dumped like
/// all others; several at one place run in the order they were given. Immutable.
/// </summary>
public sealed class ExtraPasses
{
    private readonly IReadOnlyList<(Stage Stage, bool IsBefore, IPass Pass)> _passes;

    private ExtraPasses(IReadOnlyList<(Stage, bool, IPass)> passes) => _passes = passes;

    /// <summary>No passes.</summary>
    public static ExtraPasses None { get; } = new([]);

    /// <summary>These and one more, before a stage's first pass.</summary>
    public ExtraPasses Before(Stage stage, IPass pass) => new([.. _passes, (stage, true, pass)]);

    /// <summary>These and one more, behind a stage's last pass.</summary>
    public ExtraPasses After(Stage stage, IPass pass) => new([.. _passes, (stage, false, pass)]);

    /// <summary>A stage's passes with the extra ones around them.</summary>
    internal IEnumerable<IPass> Around(PassStage stage) => [.. At(stage.Stage, true), .. stage.Passes, .. At(stage.Stage, false)];

    private IEnumerable<IPass> At(Stage stage, bool isBefore) =>
        _passes.Where(p => p.Stage == stage && p.IsBefore == isBefore).Select(p => p.Pass);
}
