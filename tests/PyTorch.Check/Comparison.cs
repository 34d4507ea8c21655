using System.Globalization;
using MsSrConvert.Imaging.Verification;
using MsSrConvert.PyTorch.Safetensors;
using MsSrConvert.Runtime;

namespace MsSrConvert.PyTorch.Check;

/// <summary>Runs a model in ONNX Runtime on the inputs of a file of tensors and compares with the outputs in it.</summary>
internal static class Comparison
{
    private const double Allowed = 1e-4;

    /// <summary>Prints the largest difference as a share of the output's range; the exit code is 0 where it is small.</summary>
    public static int Run(string path, string file)
    {
        var tensors = SafetensorsReader.Read(file).Tensors;
        using var session = OnnxSession.Open(path);
        var worst = 0.0;
        foreach (var size in tensors.Keys.Select(k => k.Split('/')[0]).Distinct())
        {
            Tensor Stored(string kind, int index) => tensors[$"{size}/{kind}/{index}"] is var t
                ? new Tensor(t.ToFloats(), [.. t.Dims]) : throw new InvalidOperationException();
            var outputs = session.Run(
                session.Inputs.Select((input, i) => (input.Name, Value: Stored("in", i))).ToDictionary(i => i.Name,
                    i => i.Value));
            worst = Math.Max(worst,
                session.Outputs.Select((output, i) => OutputDifference.Relative(Stored("out", i), outputs[output.Name])).Max());
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"largest difference {worst:G2} of the output's range"));
        return worst <= Allowed ? 0 : 1;
    }
}
