using System.Diagnostics;
using System.Globalization;
using MsSrConvert.GraphIR;
using MsSrConvert.PyTorch;
using MsSrConvert.PyTorch.Safetensors;
using MsSrConvert.Tests.Common;

namespace MsSrConvert.Conformance;

/// <summary>Writes every form as a PyTorch module and runs them all in one process of Python.</summary>
internal static class PythonRun
{
    private const double Tolerance = 1e-4;
    private static readonly string[] Candidates = ["python3", "/usr/bin/python3"];

    /// <summary>Why a form can't be written or computes something else, by the form's name; null for one that works.</summary>
    public static Lazy<IReadOnlyDictionary<string, string?>> Faults { get; } = new(RunAll);

    /// <summary>The Python that has PyTorch; null where none has: texts are written then, but not run.</summary>
    public static string? Python { get; } =
        Candidates.FirstOrDefault(python => Start(python, "-c", "import torch") is { Code: 0 });

    private static Dictionary<string, string?> RunAll()
    {
        using var folder = new TemporaryFolder();
        var faults = new Dictionary<string, string?>();
        foreach (var (index, form) in FormTable.Forms.Index())
        {
            try
            {
                Write(form, Directory.CreateDirectory(folder[$"{index:d4}"]).FullName);
                faults[form.Name] = null;
            }
            catch (MsSrException e)
            {
                Directory.Delete(folder[$"{index:d4}"], recursive: true);
                faults[form.Name] = e.Diagnostic.Message;
            }
        }

        if (Python is null)
            return faults;
        using var script = new TemporaryFolder();
        File.WriteAllText(script["compare.py"], FormTable.Resource("compare.py"));
        var (code, output) = Start(Python, script["compare.py"], folder.Path)!.Value;
        if (code != 0)
            throw new InvalidOperationException($"{Python} ended with {code}: {output}");
        foreach (var line in output.Split('\n',
            StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')).Where(l => l.Length == 2))
        {
            var right = double.TryParse(line[1], CultureInfo.InvariantCulture, out var difference) && difference <= Tolerance;
            faults[FormTable.Forms[int.Parse(line[0], CultureInfo.InvariantCulture)].Name] = right ? null : $"PyTorch: {line[1]}";
        }

        return faults;
    }

    private static void Write(Form form, string place)
    {
        var (model, input) = (form.Alone(), Cells.Input(form));
        var module = PyTorchWriter.Write(model, form.Op);
        File.WriteAllText(Path.Combine(place, "model.py"), module.Code);
        Save(Path.Combine(place, "weights.safetensors"), module.Tensors);
        var outputs = Cells.Run(model, input).Select((t, i) => new NamedTensor($"output{i}", TensorData.Of(t.Data, t.Dims)));
        Save(Path.Combine(place, "reference.safetensors"),
            [new NamedTensor("input", TensorData.Of(input.Data, input.Dims)), .. outputs]);
    }

    private static void Save(string path, IReadOnlyList<NamedTensor> tensors)
    {
        using var stream = File.Create(path);
        SafetensorsWriter.Write(stream, tensors, []);
    }

    private static (int Code, string Output)? Start(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + error.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
