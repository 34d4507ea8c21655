using System.ComponentModel;
using System.Diagnostics;
using MsSrConvert.GraphIR;
using MsSrConvert.PyTorch.Safetensors;

namespace MsSrConvert.PyTorch.Import;

/// <summary>
/// Reads PyTorch checkpoints. They are Python pickles, which can run code when they are read: PyTorch itself does it, in the mode
/// that takes tensors only, and hands them over as safetensors.
/// </summary>
public static class CheckpointReader
{
    private static readonly string[] Pythons = ["python3", "/usr/bin/python3", "python"];

    /// <summary>Reads the weights in a checkpoint.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">The entry that holds the weights; null takes the first of those that are usual.</param>
    /// <param name="python">The Python to use; null looks for one that has PyTorch.</param>
    /// <exception cref="MsSrException">
    /// There is no Python with PyTorch (MSSR1503), or it can't read the file (MSSR1504).
    /// </exception>
    public static SafetensorsFile Read(string path, string? key = null, string? python = null)
    {
        using var place = new TemporaryFile(Path.Combine(Path.GetTempPath(), "mssr-checkpoint"));
        var folder = Directory.CreateDirectory(place.Companion).FullName;
        var (script, tensors) = (Path.Combine(folder, "checkpoint.py"), Path.Combine(folder, "tensors.safetensors"));
        File.WriteAllText(script, string.Join("\n\n",
            EmbeddedFiles.Read("Helpers/checkpoint_head.py") + EmbeddedFiles.Read("Helpers/dtypes.py"),
            EmbeddedFiles.Read("Helpers/weights_file.py"), EmbeddedFiles.Read("Helpers/checkpoint.py")));
        var (code, error) = Run(python ?? Find(), [script, path, tensors, .. key is null ? [] : new[] { key }]);
        if (code == 0)
            return SafetensorsReader.Read(tensors);
        throw new MsSrException(
            new Diagnostic("MSSR1504", Severity.Error, $"PyTorch can't read the checkpoint: {LastLine(error)}", path,
            "Save nothing but the weights: torch.save(network.state_dict(), FILE), or write weights.safetensors."));
    }

    private static string Find() => Array.Find(Pythons, p => Run(p, ["-c", "import torch"]).Code == 0)
        ?? throw new MsSrException(new Diagnostic("MSSR1503", Severity.Error,
            $"a checkpoint is read by PyTorch, and none of {string.Join(", ", Pythons)} has it.", null,
            "Name a Python that has it with --python, or give a .safetensors file, which needs none."));

    private static (int Code, string Error) Run(string python, IEnumerable<string> arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(python, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            // What it prints is of no use, but a full pipe would stop it.
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, error);
        }
        catch (Win32Exception e)
        {
            return (-1, $"{python}: {e.Message}");
        }
    }

    private static string LastLine(string text) => text.TrimEnd().Split('\n')[^1].Trim();
}
