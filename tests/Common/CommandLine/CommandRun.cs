using System.Text.Json;
using MsSrConvert.Cli;

namespace MsSrConvert.Tests.Common;

/// <summary>One run of the tool in this process.</summary>
/// <param name="ExitCode">What the process would end with.</param>
/// <param name="Out">Everything on stdout.</param>
/// <param name="Error">Everything on stderr.</param>
internal sealed record CommandRun(int ExitCode, string Out, string Error)
{
    /// <summary>Runs the tool.</summary>
    public static CommandRun Of(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = Program.Run(args, output, error);
        return new CommandRun(code, output.ToString(), error.ToString());
    }

    /// <summary>Stdout read as JSON.</summary>
    public JsonElement Json()
    {
        using var document = JsonDocument.Parse(Out);
        return document.RootElement.Clone();
    }
}
