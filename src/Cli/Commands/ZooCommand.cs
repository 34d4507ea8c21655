using System.CommandLine;
using MsSrConvert.Cli.Output;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Operators;
using MsSrConvert.Zoo;
using Spectre.Console;

namespace MsSrConvert.Cli.Commands;

/// <summary><c>zoo NAME</c>: writes a network with seeded random weights.</summary>
internal static class ZooCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommandConsole console)
    {
        var name = new Argument<string>("NAME")
        {
            Description = "The network; without one, the list of them is printed.",
            Arity = ArgumentArity.ZeroOrOne
        };
        var output = new Option<FileInfo>("--output", "-o")
        {
            Description = "The file to write (default: NAME.onnx here).",
            HelpName = "FILE"
        };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the weights.", HelpName = "S" };
        var force = new Option<bool>("--force") { Description = "Overwrite an existing output file." };
        var command = new Command("zoo", "Write a well-known network with random weights.") { name, output, seed, force };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(name) is not { } wanted)
            {
                PrintList(console);
                return ExitCodes.Ok;
            }

            var entry = ZooCatalog.Find(wanted);
            var file = parsed.GetValue(output) ?? new FileInfo($"{entry.Name}.onnx");
            OutputFile.Check(file, parsed.GetValue(force));
            var model = entry.Create(parsed.GetValue(seed));
            ShapeInference.Apply(model);
            OnnxFile.Write(model, file.FullName);
            console.Error.WriteLine($"wrote {file.FullName}: {entry.Description}");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static void PrintList(CommandConsole console)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("name").AddColumn("network");
        foreach (var entry in ZooCatalog.Entries)
            table.AddRow(Markup.Escape(entry.Name), Markup.Escape(entry.Description));
        console.Tables().Write(table);
    }
}
