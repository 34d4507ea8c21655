using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients;

/// <summary>How the error behind an operator is partitioned to what it reads: one rule per kind of operator.</summary>
internal interface IGradientRule
{
    /// <summary>The operators the rule knows.</summary>
    IReadOnlyList<string> Operators { get; }

    /// <summary>Emits the gradients of a node's inputs.</summary>
    /// <param name="node">The node, in the graph that is written to.</param>
    /// <param name="builder">Gives the gradients of the outputs and takes those of the inputs.</param>
    /// <returns>False where this form of the operator isn't known.</returns>
    bool Emit(Node node, GradientBuilder builder);
}
