using System.ComponentModel;
using System.Diagnostics;

namespace MsSrConvert.Runtime;

/// <summary>NVIDIA's cards as their driver lists them.</summary>
internal static class GraphicsCards
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Every card with its memory and the driver's version, for example <c>NVIDIA H100, 81559 MiB, 580.65.06</c>; none where
    /// there is no driver.
    /// </summary>
    public static IReadOnlyList<string> List()
    {
        try
        {
            using var tool = Process.Start(
                new ProcessStartInfo("nvidia-smi", ["--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                })!;
            var lines = tool.StandardOutput.ReadToEndAsync();
            if (!tool.WaitForExit(Patience))
            {
                tool.Kill();
                return [];
            }

            return tool.ExitCode == 0
                ? lines.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [];
        }
        catch (Win32Exception)
        {
            // There is no such program.
            return [];
        }
    }
}
