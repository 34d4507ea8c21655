namespace MsSrConvert.GraphIR.Text;

/// <summary>Prints a model as text: for snapshots, <c>--dump-passes</c> and people.</summary>
public static class IrPrinter
{
    /// <summary>The whole model as text, lines ended by a line feed.</summary>
    public static string Print(Model model) => throw new NotImplementedException();
}
