using System.CommandLine;
using MsSrConvert.Cli.Output;
using MsSrConvert.GraphIR;

namespace MsSrConvert.Cli.Commands;

/// <summary>
/// <c>finetune MODEL</c>: starts the trainer, <c>mssr-train</c>, which is a tool of its own because the library it trains with is
/// large.
/// </summary>
internal sealed class FinetuneCommand
{
    private const string Tool = "mssr-train";

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandConsole console)
    {
        var command = new Command("finetune",
            "Train a model on images: the weights change, the graph and its shared kernels stay.");
        new FinetuneInputs().AddTo(command);
        command.SetAction(parsed => Run(console, parsed, AppContext.BaseDirectory));
        return command;
    }

    private static int Run(CommandConsole console, ParseResult parsed, string folder)
    {
        var (file, first) = Find(folder)
            ?? throw new MsSrException(new Diagnostic("MSSR5605", Severity.Error, "the trainer isn't built.", Tool,
            "Build it with 'dotnet build -c Release src/TrainTool'; that fetches libtorch once."));
        // The trainer is stopped as well, and saves what it has.
        console.Interruption.WaitForWork();
        // The first word is this command's own name.
        return Worker.Run(file, [.. first, .. parsed.Tokens.Skip(1).Select(t => t.Value)]);
    }

    /// <summary>
    /// What starts the trainer: beside this tool, in the folder that it is built into, or on the path; null where there is none.
    /// </summary>
    internal static (string File, string[] Arguments)? Find(string folder)
    {
        var here = new DirectoryInfo(folder.TrimEnd(Path.DirectorySeparatorChar));
        // The GPU form stands in a folder of its own, bin/gpu.
        var configuration = here.Parent;
        var built = (configuration?.Parent is { Name: "gpu" } gpu ? gpu : configuration)?.Parent is { Name: "bin" } bin
            ? new[] { configuration!.Name, "Release",
                "Debug" }.Select(c => Path.Combine(bin.Parent!.Parent!.FullName, "TrainTool", "bin", c, here.Name))
            : [];
        if (built.Prepend(folder).Select(f => Path.Combine(f, Tool + ".dll")).FirstOrDefault(File.Exists) is { } library)
            return ("dotnet", [library]);
        var name = OperatingSystem.IsWindows() ? Tool + ".exe" : Tool;
        return (
            Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(f => Path.Combine(f, name))
                .FirstOrDefault(File.Exists) is { } tool
            ? (tool, [])
            : null;
    }
}
