using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Runtime;
using Xunit;

namespace MsSrConvert.Passes.Tests;

/// <summary>Compares what two models compute in ONNX Runtime.</summary>
internal static class Numeric
{
    /// <summary>Differences count relative to the largest output; the network's own rounding stays far below.</summary>
    public const double Tolerance = 1e-5;

    private static readonly OnnxSessionOptions Options = new() { Threads = 1 };

    /// <summary>A model's outputs by name, in order, on seeded noise in the range 0 to 1 less <paramref name="shift"/>.</summary>
    public static IReadOnlyList<(string Name, Tensor Value)> Run(byte[] model, long height, long width, float shift = 0.5f)
    {
        using var session = OnnxSession.Open(model, "test model", Options);
        var inputs = session.Inputs
            .Select((info, i) => (info.Name, Value: RandomInput.For(info, height, width, (ulong)i + 1, -shift, 1 - shift)));
        var outputs = session.Run(inputs.ToDictionary(i => i.Name, i => i.Value));
        return [.. session.Outputs.Select(o => (o.Name, outputs[o.Name]))];
    }

    /// <summary>Asserts that a model still computes what it computed before, under the same names.</summary>
    public static void AssertSame(byte[] before, byte[] after, long height = 8, long width = 12, double tolerance = Tolerance)
    {
        var (expected, actual) = (Run(before, height, width), Run(after, height, width));
        Assert.Equal(expected.Select(o => o.Name), actual.Select(o => o.Name));
        foreach (var ((name, old), (_, now)) in expected.Zip(actual))
        {
            var largest = Math.Max(1e-3, old.Data.Length == 0 ? 0 : old.Data.Max(Math.Abs));
            var difference = old.MaxDifference(now);
            Assert.True(difference <= tolerance * largest,
                $"output '{name}' {old} differs by {difference} where the largest is {largest}");
        }
    }

    /// <summary>Asserts that <paramref name="after"/> still computes what the bytes compute.</summary>
    public static void AssertSame(byte[] before, Model after, long height = 8, long width = 12, double tolerance = Tolerance) =>
        AssertSame(before, OnnxFile.ToBytes(after), height, width, tolerance);
}
