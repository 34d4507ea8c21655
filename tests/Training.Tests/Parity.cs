using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Runtime;
using MsSrConvert.Training.Execution;
using Xunit;
using static TorchSharp.torch;

namespace MsSrConvert.Training.Tests;

/// <summary>Runs a model with TorchSharp and with ONNX Runtime.</summary>
internal static class Parity
{
    /// <summary>
    /// Both must give the same outputs for the same noise: the norm of the difference within a share of the output's norm.
    /// </summary>
    public static void Check(Model model, int height, int width, double tolerance = 1e-4, float low = 0)
    {
        using var session = OnnxSession.Open(OnnxFile.ToBytes(model), "model");
        var input = RandomInput.For(session.Inputs[0], height, width, seed: 3, low: low);
        var expected = session.Run(new Dictionary<string, Runtime.Tensor> { [session.Inputs[0].Name] = input });
        var actual = Run(model, input);
        Assert.All(expected, output => Assert.InRange(RelativeError(actual[output.Key], output.Value), 0, tolerance));
    }

    /// <summary>‖a - b‖ / ‖b‖.</summary>
    public static double RelativeError(Runtime.Tensor a, Runtime.Tensor b)
    {
        Assert.Equal(b.Dims, a.Dims);
        var difference = a.Data.Zip(b.Data, (x, y) => ((double)x - y) * ((double)x - y)).Sum();
        return difference == 0 ? 0 : Math.Sqrt(difference / b.Data.Sum(y => (double)y * y));
    }

    /// <summary>All outputs by name.</summary>
    public static IReadOnlyDictionary<string, Runtime.Tensor> Run(Model model, Runtime.Tensor input)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var network = new TorchNetwork(model, CPU);
        using var weights = network.Weights(trained: false);
        var outputs = network.Forward(weights, tensor(input.Data, input.Dims), model.Graph.Outputs);
        return model.Graph.Outputs.Zip(outputs).ToDictionary(o => o.First.Name,
            o => new Runtime.Tensor(o.Second.contiguous().data<float>().ToArray(), o.Second.shape));
    }
}
