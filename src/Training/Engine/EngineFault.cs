using MsSrConvert.GraphIR;

namespace MsSrConvert.Training.Engine;

/// <summary>libtorch was found to compute wrong numbers.</summary>
internal sealed class EngineFault : Exception
{
    /// <summary>A fault of a form.</summary>
    /// <param name="form">The form.</param>
    /// <param name="found">What was compared, and by how much it is off.</param>
    public EngineFault(EngineForm form, string found)
        : base($"libtorch ({form.Description}) computes wrong numbers: {found}") => (Form, Found) = (form, found);

    /// <summary>The form.</summary>
    public EngineForm Form { get; }

    /// <summary>What was compared, and by how much it is off.</summary>
    public string Found { get; }

    /// <summary>True where a checkpoint from before the fault is there to go on from.</summary>
    public bool CanResume { get; init; }

    /// <summary>What a person is told when no form is left.</summary>
    public MsSrException AsError(IEnumerable<EngineForm> tried) => new(new Diagnostic("MSSR5606", Severity.Error,
        $"libtorch computes wrong numbers on this processor, whichever way it is run ({string.Join("; ", tried.Select(f => f.Description))}). Found last: {Found}.",
        null, "Nothing was trained on wrong numbers. Train on another machine, or with PyTorch: mssr-convert export-pytorch."),
            this);
}
