namespace MsSrConvert.Calibration;

/// <summary>What became of one layer.</summary>
/// <param name="Layer">The source conv's node name.</param>
/// <param name="Role">Separation, interaction or fusion.</param>
/// <param name="Errors">
/// Relative error per branch: the root of squared error over squared value; empty where the layer wasn't solved.
/// </param>
/// <param name="Condition">The equations' condition number; 0 where there were none.</param>
/// <param name="Skipped">Why the layer kept its start, or null when it was solved.</param>
public sealed record LayerReport(string Layer, string Role, IReadOnlyList<double> Errors, double Condition, string? Skipped);

/// <summary>What a calibration did.</summary>
/// <param name="Layers">Every converted layer in graph order.</param>
/// <param name="SweepsBlockedBy">
/// The node whose gradient isn't known, so that no sweep could be made; null where they could.
/// </param>
/// <param name="Seconds">How long it took.</param>
public sealed record CalibrationReport(IReadOnlyList<LayerReport> Layers, string? SweepsBlockedBy, double Seconds)
{
    /// <summary>How many layers were solved.</summary>
    public int Solved => Layers.Count(l => l.Skipped is null);

    /// <summary>How many kept the weights cut from the source, because they couldn't be solved.</summary>
    public int Skipped => Layers.Count - Solved;
}
