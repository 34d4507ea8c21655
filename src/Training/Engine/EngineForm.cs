using MsSrConvert.Training.Operators;

namespace MsSrConvert.Training.Engine;

/// <summary>
/// A way to run libtorch. On some processors its default gives wrong convolutions; other forms compute the same with other code.
/// </summary>
/// <param name="Name">Names it on the command line and in messages.</param>
/// <param name="Description">What it is, for people.</param>
/// <param name="Environment">Variables that libtorch and oneDNN read when they are loaded.</param>
/// <param name="OneDnn">False to convolve without oneDNN.</param>
internal sealed record EngineForm(string Name, string Description, IReadOnlyDictionary<string, string> Environment, bool OneDnn)
{
    /// <summary>The variable that names the form of a process.</summary>
    public const string Variable = "MSSR_ENGINE_FORM";

    // Where oneDNN 3.7 goes wrong (docs/training.md) it does so with AVX and AVX2 too: they aren't among the forms.
    private static readonly EngineForm[] Known =
    [
        new("default", "oneDNN, all instructions", new Dictionary<string, string>(), OneDnn: true),
        new("onednn-off", "without oneDNN", new Dictionary<string, string>(), OneDnn: false),
        new("onednn-sse41", "oneDNN limited to SSE 4.1", new Dictionary<string, string> { ["ONEDNN_MAX_CPU_ISA"] = "SSE41" },
            OneDnn: true),
    ];

    /// <summary>All forms, fastest first.</summary>
    public static IReadOnlyList<EngineForm> All => Known;

    /// <summary>The operators; tests put wrong ones in place of the real ones.</summary>
    public TorchOperators Operators { get; init; } = TorchOperators.Standard;

    /// <summary>The form that the environment asks for, else the default.</summary>
    /// <param name="forms">The forms to choose from.</param>
    public static EngineForm Requested(IReadOnlyList<EngineForm> forms) =>
        forms.FirstOrDefault(f => f.Name == System.Environment.GetEnvironmentVariable(Variable)) ?? forms[0];

    /// <summary>The form to try when this one is wrong; null for the last.</summary>
    public EngineForm? After(IReadOnlyList<EngineForm> forms) => forms.SkipWhile(f => f.Name != Name).Skip(1).FirstOrDefault();
}
