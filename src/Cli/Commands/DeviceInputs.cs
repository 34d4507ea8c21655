using System.CommandLine;
using MsSrConvert.GraphIR;
using MsSrConvert.Runtime;

namespace MsSrConvert.Cli.Commands;

/// <summary>The options that choose the execution device.</summary>
internal sealed class DeviceInputs
{
    private readonly Option<string> _device = new("--device")
    {
        Description = "Execution device; 'mssr-convert devices' lists what is there.",
        DefaultValueFactory = _ => "cpu",
        HelpName = "cpu|cuda[:K]|tensorrt|directml|coreml",
    };

    private readonly Option<int> _threads = new("--threads")
    {
        Description = "Threads within one operator (default: all cores).",
        HelpName = "N",
        CustomParser = result => OptionValues.Within(result, 1, 1024),
    };

    /// <summary>Adds everything to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_device);
        command.Options.Add(_threads);
    }

    /// <summary>The threads asked for; 0 where ONNX Runtime chooses.</summary>
    public int Threads(ParseResult parsed) => parsed.GetValue(_threads);

    /// <summary>The device asked for.</summary>
    /// <exception cref="MsSrException">There is no such device (MSSR3401).</exception>
    public Device Device(ParseResult parsed) => Runtime.Device.Parse(parsed.GetValue(_device)!);

    /// <summary>How to open sessions.</summary>
    /// <exception cref="MsSrException">There is no such device (MSSR3401).</exception>
    public OnnxSessionOptions Session(ParseResult parsed) => new() { Device = Device(parsed), Threads = Threads(parsed) };
}
