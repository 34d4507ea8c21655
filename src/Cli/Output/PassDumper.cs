using System.Globalization;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Text;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Cli.Output;

/// <summary>Writes the IR text after every pass into a folder (<c>--dump-passes</c>), one numbered file each.</summary>
internal sealed class PassDumper(DirectoryInfo folder) : IPassObserver
{
    /// <inheritdoc/>
    public void AfterPass(int index, IPass pass, Model model, PassResult result, TimeSpan elapsed)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{index:00}-{pass.Name}.txt");
        var head = string.Create(CultureInfo.InvariantCulture,
            $"# {pass.Name}: {result.Changes} changes, {elapsed.TotalMilliseconds:0.0} ms\n");
        try
        {
            folder.Create();
            File.WriteAllText(Path.Combine(folder.FullName, name), head + IrPrinter.Print(model));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MsSrException(new Diagnostic("MSSR3008", Severity.Error,
                $"the passes can't be written there: {e.Message}", folder.FullName, "Give a folder with --dump-passes."), e);
        }
    }
}
