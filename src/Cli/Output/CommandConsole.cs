using MsSrConvert.GraphIR;
using Spectre.Console;

namespace MsSrConvert.Cli.Output;

/// <summary>The two streams a command writes to: results to the one, messages for people to the other.</summary>
internal sealed class CommandConsole(TextWriter output, TextWriter error)
{
    private const int WidthWhenNotATerminal = 160;

    /// <summary>What stops the work of the command that writes here.</summary>
    public Interruption Interruption
    {
        get => field ?? throw new InvalidOperationException("No command runs.");
        set;
    }

    /// <summary>Cancelled when the work is to stop.</summary>
    public CancellationToken Token => Interruption.Token;

    /// <summary>Where results go.</summary>
    public TextWriter Out => output;

    /// <summary>Where messages go.</summary>
    public TextWriter Error => error;

    /// <summary>A formatter for tables on the result stream; plain text where that isn't a terminal.</summary>
    public IAnsiConsole Tables() => On(output, ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected);

    /// <summary>A formatter for tables among the messages.</summary>
    public IAnsiConsole Notes() => On(error, HasErrorTerminal);

    /// <summary>The message stream where it is a terminal that can be drawn on, else null.</summary>
    public IAnsiConsole? ErrorTerminal() =>
        HasErrorTerminal && On(error, true) is { Profile.Capabilities.Interactive: true } terminal ? terminal : null;

    private bool HasErrorTerminal => ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;

    private static IAnsiConsole On(TextWriter writer, bool terminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
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
