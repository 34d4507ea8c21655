using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using MsSrConvert.Cli;
using MsSrConvert.Cli.Output;
using MsSrConvert.Training;
using MsSrConvert.Training.Engine;

namespace MsSrConvert.TrainTool;

/// <summary><c>mssr-train self-check</c>: finds the fastest form in which libtorch computes right on this machine.</summary>
internal static class SelfCheckCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "self-check";

    /// <summary>Makes the command; it prints the form's name.</summary>
    public static Command Create(CommandConsole console, EngineChoice engines)
    {
        var command = new Command(Name,
            "Find the fastest form in which libtorch computes right numbers on this machine, and print its name.");
        command.SetAction(_ =>
        {
            try
            {
                var clock = Stopwatch.StartNew();
                new EngineCheck(engines.Form,
                    TorchDevice.Choose(engines.Form, cuda: false, threads: 0)).Convolutions(EngineCheck.Standard);
                console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"libtorch ({engines.Form.Description}): {EngineCheck.Standard.Count} convolutions are right, forwards and backwards ({clock.Elapsed.TotalSeconds:0.0} s)"));
                console.Out.WriteLine(engines.Form.Name);
                return ExitCodes.Ok;
            }
            catch (EngineFault fault)
            {
                return engines.GoOn(fault, [Name]);
            }
        });
        return command;
    }
}
