using System.CommandLine;
using MsSrConvert.Cli.Output;

namespace MsSrConvert.TrainTool;

/// <summary>The trainer as a tool of its own; <c>mssr-convert finetune</c> starts it.</summary>
public static class Program
{
    /// <summary>Runs the tool on the process's own streams.</summary>
    public static int Main(string[] args)
    {
        var console = new CommandConsole(Console.Out, Console.Error);
        return Run(args, console, EngineChoice.OfThisProcess(console), ownsProcess: true);
    }

    /// <summary>
    /// Runs the tool: results go to <paramref name="output"/>, everything for people to <paramref name="error"/>.
    /// </summary>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var console = new CommandConsole(output, error);
        return Run(args, console, EngineChoice.OfThisProcess(console));
    }

    /// <summary>The same with a choice of engines.</summary>
    internal static int Run(string[] args, CommandConsole console, EngineChoice engines, bool ownsProcess = false)
    {
        var command = new Command("mssr-train",
            "Trains a model on images: the weights change, the graph and its shared kernels stay.")
        {
            SelfCheckCommand.Create(console, engines),
        };
        // The arguments of the root don't belong to its subcommand.
        if (args.FirstOrDefault() != SelfCheckCommand.Name)
            TrainCommand.AddTo(command, console, engines);
        return Cli.Program.Invoke(console, Cli.Program.WithHelp(command), args, ownsProcess);
    }
}
