using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MsSrConvert.Cli.Output;

/// <summary>The standard help with the usage of a command that has both an argument and subcommands told apart.</summary>
internal sealed class HelpPage(HelpAction standard) : SynchronousCommandLineAction
{
    private const string OneLine = "<MODEL> [command] [options]";

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command.Name;
        var configuration = parseResult.InvocationConfiguration;
        var output = configuration.Output;
        using var page = new StringWriter();
        configuration.Output = page;
        var code = standard.Invoke(parseResult);
        configuration.Output = output;
        output.Write(page.ToString().Replace(
            $"  {command} {OneLine}", $"  {command} <MODEL> [options]{Environment.NewLine}  {command} <command> [options]",
            StringComparison.Ordinal));
        return code;
    }
}
