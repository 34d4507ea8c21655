using System.CommandLine;
using MsSrConvert.Cli.Output;

namespace MsSrConvert.Cli.Commands;

/// <summary><c>inspect MODEL</c>: what a conversion would do, and why, without writing anything.</summary>
internal static class InspectCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CommandConsole console)
    {
        var inputs = new ConversionInputs();
        var command = new Command("inspect", "Print what would become of every convolution, and why, without writing anything.");
        inputs.AddTo(command);
        command.SetAction(parsed =>
        {
            var result = inputs.Convert(parsed, inputs.Read(parsed));
            foreach (var diagnostic in result.Diagnostics)
                console.Report(diagnostic);
            if (inputs.WantsJson(parsed))
            {
                ConversionJson.Write(console.Out, result, null);
            }
            else
            {
                var tables = console.Tables();
                ConversionTable.PrintPlan(tables, result.Plan);
                ConversionTable.Print(tables, result);
            }

            if (result.Plan.ConvertedConvs > 0)
                return ExitCodes.Ok;
            console.Report(ConvertCommand.Declined(parsed.GetValue(inputs.Model)!, result));
            return ExitCodes.NothingConverted;
        });
        return command;
    }
}
