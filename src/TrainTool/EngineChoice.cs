using MsSrConvert.Cli.Commands;
using MsSrConvert.Cli.Output;
using MsSrConvert.GraphIR;
using MsSrConvert.Training.Engine;

namespace MsSrConvert.TrainTool;

/// <summary>
/// The form of libtorch that this process runs, and the way to the next one: libtorch reads its settings once, so another form
/// needs another process.
/// </summary>
/// <param name="console">Where to say what is done.</param>
/// <param name="forms">The forms, fastest first.</param>
/// <param name="form">This process's own.</param>
/// <param name="start">Starts this program anew with another form and gives its exit code.</param>
internal sealed class EngineChoice(CommandConsole console, IReadOnlyList<EngineForm> forms, EngineForm form,
    Func<EngineForm, IReadOnlyList<string>, int> start)
{
    /// <summary>How libtorch is run in this process.</summary>
    public EngineForm Form => form;

    /// <summary>
    /// The choice of a process that was started with all forms open to it, or with one that the environment names.
    /// </summary>
    public static EngineChoice OfThisProcess(CommandConsole console) =>
        new(console, EngineForm.All, EngineForm.Requested(EngineForm.All), StartAnew);

    /// <summary>Does the work in another process with the next form.</summary>
    /// <param name="fault">What was found.</param>
    /// <param name="arguments">The program's arguments.</param>
    /// <returns>The other process's exit code.</returns>
    /// <exception cref="MsSrException">There is no other form (MSSR5606).</exception>
    public int GoOn(EngineFault fault, IReadOnlyList<string> arguments)
    {
        if (form.After(forms) is not { } next)
            throw fault.AsError(forms);
        console.Error.WriteLine($"{fault.Message}. Going on {next.Description}.");
        return start(next, arguments);
    }

    private static int StartAnew(EngineForm form, IReadOnlyList<string> arguments)
    {
        var program = Environment.ProcessPath!;
        // Started by 'dotnet', the program is the library that it was given.
        string[] library = Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [Path.Combine(AppContext.BaseDirectory, "mssr-train.dll")] : [];
        return Worker.Run(program, [.. library, .. arguments], new KeyValuePair<string, string>(EngineForm.Variable, form.Name));
    }
}
