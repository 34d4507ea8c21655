using System.Runtime.CompilerServices;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Text;
using Snapshooter;
using Snapshooter.Xunit;

namespace MsSrConvert.Passes.Tests.Support;

/// <summary>
/// Snapshots of models as text, in <c>__snapshots__</c> beside the test. One that is missing fails like one that differs; to
/// write it, delete the old file and run with MSSR_UPDATE_SNAPSHOTS set.
/// </summary>
internal static class Snapshots
{
    [ModuleInitializer]
    internal static void BeStrict()
    {
        var update = Environment.GetEnvironmentVariable("MSSR_UPDATE_SNAPSHOTS") is { Length: > 0 };
        Environment.SetEnvironmentVariable("SNAPSHOOTER_STRICT_MODE", update ? "false" : "true");
    }

    /// <summary>Compares a model's text with the snapshot named after the test.</summary>
    public static void Match(Model model, [CallerFilePath] string file = "", [CallerMemberName] string test = "") =>
        Snapshot.Match(
        IrPrinter.Print(model),
        new SnapshotFullName($"{Path.GetFileNameWithoutExtension(file)}.{test}.snap", Path.GetDirectoryName(file)!));
}
