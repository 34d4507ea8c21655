namespace MsSrConvert.Passes.Infrastructure;

/// <summary>
/// The stages of a conversion, in the order they run. Between <see cref="Normalize"/> and <see cref="Prepare"/> the plan is made.
/// </summary>
public enum Stage
{
    /// <summary>
    /// Makes constants visible and completes what the inputs declare. What the source costs is counted behind it.
    /// </summary>
    Lift,

    /// <summary>Brings the model into normal form, which computes the same.</summary>
    Normalize,

    /// <summary>
    /// Executes what the plan decides around the layers: crops that are deferred, values that branches split off behind.
    /// </summary>
    Prepare,

    /// <summary>
    /// Writes the layers and everything between them branch by branch. Behind it the graph is a plain ONNX graph again.
    /// </summary>
    Rewrite,

    /// <summary>Removes what nothing reads and infers all shapes.</summary>
    Cleanup,

    /// <summary>Records in the metadata what was done; the names of shared kernels and their readers are final here.</summary>
    Record,
}

/// <summary>A stage with its passes in order.</summary>
/// <param name="Stage">Which stage.</param>
/// <param name="Passes">The passes.</param>
public sealed record PassStage(Stage Stage, IReadOnlyList<IPass> Passes);
