using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Tests.Reference;
using MsSrConvert.Runtime;
using Xunit;

namespace MsSrConvert.Passes.Tests.Support;

/// <summary>Runs models in ONNX Runtime, written to bytes as a file would be.</summary>
internal static class OrtRun
{
    /// <summary>Opens a model on one thread.</summary>
    public static OnnxSession Open(Model model) =>
        OnnxSession.Open(OnnxFile.ToBytes(model), model.Graph.Name, new OnnxSessionOptions { Threads = 1 });

    /// <summary>The model as another program would read it.</summary>
    public static Model Reread(Model model) => ModelFile.Read(OnnxFile.ToBytes(model), name: model.Graph.Name);

    /// <summary>Noise in [-1, 1).</summary>
    public static Tensor Noise(ulong seed, params long[] dims) => RandomInput.Of(seed, -1, 1, dims);

    /// <summary>The outputs in the model's order.</summary>
    public static Tensor[] Run(OnnxSession session, Tensor input)
    {
        var outputs = session.Run(new Dictionary<string, Tensor> { [session.Inputs.Single().Name] = input });
        return [.. session.Outputs.Select(o => outputs[o.Name])];
    }

    /// <summary>The outputs of a model with one input, in the model's order.</summary>
    public static Tensor[] Run(Model model, Tensor input)
    {
        using var session = Open(model);
        return Run(session, input);
    }

    /// <summary>Asserts that shapes are equal and values differ by at most 1e-4 of the expected values' range.</summary>
    public static void AssertClose(NdArray expected, Tensor actual, string about)
    {
        Assert.Equal(expected.Dims, actual.Dims.Select(d => (int)d));
        var range = expected.Data.Max() - expected.Data.Min();
        var worst = expected.Data.Zip(actual.Data, (e, a) => Math.Abs(e - a)).Max();
        Assert.True(worst <= 1e-4 * range, $"{about}: differs by {worst:G3} in a range of {range:G3}.");
    }
}
