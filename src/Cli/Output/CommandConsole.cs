using MsSrConvert.GraphIR;
using Spectre.Console;

namespace MsSrConvert.Cli.Output;

/// <summary>The two streams a command writes to: results to the one, messages for people to the other.</summary>
internal sealed class CommandConsole(TextWriter output, TextWriter error)
{
    private const int WidthWhenNotATerminal = 160;

    /// <summary>Where results go.</summary>
    public TextWriter Out => output;

    /// <summary>Where messages go.</summary>
    public TextWriter Error => error;

    /// <summary>A formatter for tables on the result stream; plain text where that isn't a terminal.</summary>
    public IAnsiConsole Tables()
    {
        var terminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = terminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = terminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        });
        if (!terminal)
            console.Profile.Width = WidthWhenNotATerminal;
        return console;
    }

    /// <summary>Prints a message.</summary>
    public void Report(Diagnostic diagnostic)
    {
        var kind = diagnostic.Severity switch { Severity.Error => "error", Severity.Warning => "warning", _ => "note" };
        error.WriteLine($"{kind} {diagnostic}");
    }
}
