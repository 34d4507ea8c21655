using System.CommandLine;
using MsSrConvert.Cli.Output;
using MsSrConvert.Runtime;
using Spectre.Console;

namespace MsSrConvert.Cli.Commands;

/// <summary><c>devices</c>: what models can be run on here.</summary>
internal static class DevicesCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommandConsole console)
    {
        var json = new Option<bool>("--json") { Description = "Print the list as JSON." };
        var command = new Command("devices", "List what models can be run on, and how to get what is missing.") { json };
        command.SetAction(parsed =>
        {
            var devices = Devices.List();
            if (parsed.GetValue(json))
                WriteJson(console.Out, devices);
            else
                Print(console.Tables(), devices);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static void WriteJson(TextWriter output, IReadOnlyList<DeviceInfo> devices) => JsonText.Write(output, writer =>
    {
        writer.WriteString("onnxruntime", Devices.RuntimeVersion);
        writer.WriteList("devices", devices, device =>
        {
            writer.WriteString("name", device.Name);
            writer.WriteString("provider", device.Provider);
            writer.WriteBoolean("in_build", device.InBuild);
            writer.WriteBoolean("available", device.Works);
            writer.WriteString("note", device.Note);
        });
    });

    private static void Print(IAnsiConsole console, IReadOnlyList<DeviceInfo> devices)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("device").AddColumn("available")
            .AddColumn("ONNX Runtime provider").AddColumn("");
        foreach (var device in devices)
            table.AddRow(device.Name, device.Works ? "yes" : "no", device.Provider, Markup.Escape(device.Note ?? ""));
        console.Write(table);
        console.WriteLine($"ONNX Runtime {Devices.RuntimeVersion}. Available: a model of one conv was run on it just now.");
    }
}
