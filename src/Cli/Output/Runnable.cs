using MsSrConvert.GraphIR;
using MsSrConvert.Runtime;

namespace MsSrConvert.Cli.Output;

/// <summary>Tells whether a result can be tried before it is written.</summary>
internal static class Runnable
{
    /// <summary>True where ONNX Runtime knows every operator; else the user is warned that the result isn't run.</summary>
    public static bool OrWarn(CommandConsole console, Model model, string name)
    {
        if (ModelCheck.FirstCustomOperator(model) is not { } custom)
            return true;
        console.Report(new Diagnostic("MSSR5104", Severity.Warning,
            $"the result isn't run, since ONNX Runtime doesn't know {custom} without its library.", name));
        return false;
    }
}
