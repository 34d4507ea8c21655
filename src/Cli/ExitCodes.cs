using MsSrConvert.GraphIR;

namespace MsSrConvert.Cli;

/// <summary>What the process ends with; documented in docs/cli.md.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;
    public const int NothingConverted = 1;
    public const int Usage = 2;
    public const int BadInput = 3;
    public const int ValidationFailed = 4;
    public const int Internal = 70;
    public const int Interrupted = 130;

    /// <summary>The code of a diagnostic: the thousands of its id say what kind it is.</summary>
    public static int Of(Diagnostic diagnostic) => diagnostic.Id[4] switch
    {
        '1' => BadInput,
        '2' => NothingConverted,
        '3' => Usage,
        '5' => ValidationFailed,
        _ => Internal,
    };
}
