using MsSrConvert.GraphIR;
using MsSrConvert.PyTorch.Safetensors;

namespace MsSrConvert.PyTorch.Folder;

/// <summary>
/// Writes the folder that a network is trained in: <c>model.py</c>, its weights, <c>finetune.py</c>, a README and
/// <c>retie.py</c>.
/// </summary>
public static class ExportFolder
{
    /// <summary>The name of the weights' file in the folder.</summary>
    public const string WeightsFile = "weights.safetensors";

    /// <summary>The name of the file with an input and what ONNX Runtime makes of it.</summary>
    public const string ReferenceFile = "reference.safetensors";

    private static readonly string[] PlainFiles = ["finetune.py", "retie.py"];

    /// <summary>
    /// Writes the folder, or replaces these files in one that exists; nothing changes unless all can be written.
    /// </summary>
    /// <param name="folder">The folder; the one it stands in exists.</param>
    /// <param name="module">The network.</param>
    /// <param name="modelFile">The name of the ONNX file, for the README.</param>
    /// <param name="reference">
    /// An input and what ONNX Runtime makes of it, which <c>finetune.py</c> compares PyTorch with; empty to leave it out.
    /// </param>
    /// <exception cref="MsSrException">The folder can't be written (MSSR1502).</exception>
    public static void Write(string folder, PyTorchModule module, string modelFile, IReadOnlyList<NamedTensor> reference)
    {
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        try
        {
            using var place = new TemporaryFile(target);
            var temporary = Directory.CreateDirectory(place.Companion).FullName;
            Fill(temporary, module, modelFile, reference);
            if (!Directory.Exists(target))
            {
                Directory.Move(temporary, target);
                return;
            }

            foreach (var file in Directory.EnumerateFiles(temporary))
                File.Move(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new MsSrException(new Diagnostic("MSSR1502", Severity.Error,
                $"the folder can't be written: {e.Message}", folder, "Check its place, its permissions and the space left."), e);
        }
    }

    private static void Fill(string folder, PyTorchModule module, string modelFile, IReadOnlyList<NamedTensor> reference)
    {
        File.WriteAllText(Path.Combine(folder, "model.py"), module.Code);
        WriteTensors(WeightsFile, module.Tensors);
        if (reference.Count > 0)
            WriteTensors(ReferenceFile, reference);
        foreach (var name in PlainFiles)
            File.WriteAllText(Path.Combine(folder, name), EmbeddedFiles.Read(name));
        File.WriteAllText(Path.Combine(folder, "README.md"),
            EmbeddedFiles.Read("README.md").Replace("MODEL.onnx", modelFile, StringComparison.Ordinal));

        void WriteTensors(string name, IReadOnlyList<NamedTensor> tensors)
        {
            using var stream = File.Create(Path.Combine(folder, name));
            SafetensorsWriter.Write(stream, tensors, [new("format", "pt")]);
        }
    }
}
