using System.CommandLine;
using System.CommandLine.Help;
using MsSrConvert.Cli.Commands;
using MsSrConvert.Cli.Output;
using MsSrConvert.GraphIR;

namespace MsSrConvert.Cli;

/// <summary>The command line: parses, runs one command, and turns every failure into a message and an exit code.</summary>
public static class Program
{
    // Whatever the file that runs is called, and however wide the terminal is: help is always the same text.
    private const string Name = "mssr-convert";
    private const int HelpWidth = 120;
    private const string TimeLimit = "--timeout";

    /// <summary>Runs the tool on the process's own streams.</summary>
    public static int Main(string[] args) => Run(args, new CommandConsole(Console.Out, Console.Error), ownsProcess: true);

    /// <summary>
    /// Runs the tool: results go to <paramref name="output"/>, everything for people to <paramref name="error"/>.
    /// </summary>
    public static int Run(string[] args, TextWriter output, TextWriter error) =>
        Run(args, new CommandConsole(output, error), ownsProcess: false);

    private static int Run(string[] args, CommandConsole console, bool ownsProcess) =>
        Invoke(console, CommandTree(console, args.FirstOrDefault()), args, ownsProcess);

    /// <summary>Parses the arguments of a command and runs it.</summary>
    /// <param name="console">Where it writes.</param>
    /// <param name="command">The command.</param>
    /// <param name="args">The arguments.</param>
    /// <param name="ownsProcess">True where the process may be ended when the work is to stop and doesn't.</param>
    internal static int Invoke(CommandConsole console, Command command, string[] args, bool ownsProcess)
    {
        var (output, error, parsed) = (console.Out, console.Error, command.Parse(args));
        if (parsed.Errors.Count > 0)
        {
            foreach (var problem in parsed.Errors)
                console.Report(new Diagnostic("MSSR3000", Severity.Error, problem.Message));
            error.WriteLine($"Run '{string.Join(' ', CommandWords(parsed.CommandResult.Command))} --help' for the options.");
            return ExitCodes.Usage;
        }

        using var interruption = new Interruption(console, parsed.GetValue<TimeSpan?>(TimeLimit), ownsProcess);
        console.Interruption = interruption;
        try
        {
            return parsed.Invoke(
                new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (MsSrException e)
        {
            console.Report(e.Diagnostic);
            return ExitCodes.Of(e.Diagnostic);
        }
        catch (OperationCanceledException)
        {
            interruption.Report();
            return ExitCodes.Interrupted;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            console.Report(new Diagnostic("MSSR4000", Severity.Error, $"An error the tool didn't expect: {e.Message}",
                Hint: "Please report it with the model and this text."));
            error.WriteLine(e.StackTrace);
            return ExitCodes.Internal;
        }
    }

    private static Command CommandTree(CommandConsole console, string? firstWord)
    {
        var root = new Command(
            Name,
            "Rewrites the convolutions of an ONNX super-resolution, denoising or deblurring network into multi-scale weight-sharing layers.")
        {
            InspectCommand.Create(console),
            CalibrateCommand.Create(console),
            VerifyCommand.Create(console),
            BenchCommand.Create(console),
            UpscaleCommand.Create(console),
            EvalCommand.Create(console),
            DevicesCommand.Create(console),
            DeployCommand.Create(console),
            FinetuneCommand.Create(console),
            ExportPyTorchCommand.Create(console),
            ImportWeightsCommand.Create(console),
            ZooCommand.Create(console),
        };
        // The arguments of the root don't belong to its subcommands, neither in their help nor in their parsing.
        if (root.Subcommands.All(c => c.Name != firstWord))
            ConvertCommand.AddTo(root, console);
        return WithHelp(root);
    }

    /// <summary>Adds what every command has: <c>--help</c>, <c>--version</c> and <c>--timeout</c>.</summary>
    internal static Command WithHelp(Command root)
    {
        root.Options.Add(new Option<TimeSpan?>(TimeLimit)
        {
            Description = "Give up after this time (90s, 20m, 1h30m), with nothing unfinished left behind.",
            HelpName = "TIME",
            CustomParser = OptionValues.Duration,
            Recursive = true,
        });
        root.Options.Add(new HelpOption { Action = new HelpPage(new HelpAction { MaxWidth = HelpWidth }) });
        root.Options.Add(new VersionOption());
        return root;
    }

    private static IEnumerable<string> CommandWords(Command command) =>
        command.Parents.OfType<Command>().SelectMany(CommandWords).Append(command.Name);
}
