using System.CommandLine;
using MsSrConvert.Cli.Commands;
using MsSrConvert.Cli.Output;
using MsSrConvert.GraphIR;

namespace MsSrConvert.Cli;

/// <summary>The command line: parses, runs one command, and turns every failure into a message and an exit code.</summary>
public static class Program
{
    /// <summary>Runs the tool on the process's own streams.</summary>
    public static int Main(string[] args) => Run(args, Console.Out, Console.Error);

    /// <summary>Runs the tool: results go to <paramref name="output"/>, everything for people to <paramref name="error"/>.</summary>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var console = new CommandConsole(output, error);
        var parsed = Root(console).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var problem in parsed.Errors)
                console.Report(new Diagnostic("MSSR3000", Severity.Error, problem.Message));
            error.WriteLine("Run 'mssr-convert --help' for the options.");
            return ExitCodes.Usage;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (MsSrException e)
        {
            console.Report(e.Diagnostic);
            return ExitCodes.Of(e.Diagnostic);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            console.Report(new Diagnostic("MSSR4000", Severity.Error, $"An error the tool didn't expect: {e.Message}",
                Hint: "Please report it with the model and this text."));
            error.WriteLine(e.StackTrace);
            return ExitCodes.Internal;
        }
    }

    private static RootCommand Root(CommandConsole console)
    {
        var root = new RootCommand(
            "Rewrites the convolutions of an ONNX super-resolution, denoising or deblurring network into multi-scale weight-sharing layers.");
        ConvertCommand.AddTo(root, console);
        root.Subcommands.Add(InspectCommand.Create(console));
        root.Subcommands.Add(ZooCommand.Create(console));
        return root;
    }
}
