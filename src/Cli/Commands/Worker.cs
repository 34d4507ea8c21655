using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace MsSrConvert.Cli.Commands;

/// <summary>A process that does this one's work: it has the same terminal, and is asked to end when this one is.</summary>
internal static class Worker
{
    /// <summary>Starts it and waits for its end.</summary>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables that it gets beside this process's own.</param>
    /// <returns>Its exit code.</returns>
    public static int Run(string file, IEnumerable<string> arguments,
        params IEnumerable<KeyValuePair<string, string>> environment)
    {
        var start = new ProcessStartInfo(file, arguments) { UseShellExecute = false };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var worker = Process.Start(start)!;
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        // Ctrl+C reaches both processes by itself; a request to end only this one.
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            if (!OperatingSystem.IsWindows())
                Process.Start("kill", ["-TERM", worker.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
        });
        worker.WaitForExit();
        return worker.ExitCode;
    }
}
