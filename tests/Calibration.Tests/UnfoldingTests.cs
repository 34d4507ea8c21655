using MsSrConvert.Calibration.Features;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Runtime;
using Xunit;

namespace MsSrConvert.Calibration.Tests;

public class UnfoldingTests
{
    [Theory]
    [InlineData("Conv", 3, 1, 1, 1)]
    [InlineData("Conv", 5, 1, 2, 1)]
    [InlineData("Conv", 3, 2, 1, 1)]
    [InlineData("Conv", 3, 1, 2, 2)]
    [InlineData("Conv", 1, 1, 0, 1)]
    [InlineData("ConvTranspose", 4, 2, 1, 1)]
    [InlineData("ConvTranspose", 3, 1, 1, 1)]
    public void Unfolded_rows_times_the_kernel_are_the_convolution(string op, int kernel, int stride, int pad, int dilation)
    {
        const int Ins = 3, Outs = 2;
        var graph = new Graph("conv");
        var x = graph.AddInput(new Value("x", new TensorType(ElementType.Float, new Shape(Enumerable.Repeat(Dim.Unknown, 4)))));
        var y = new Value("y", new TensorType(ElementType.Float, null));
        var values = RandomInput.Of(1, -1, 1, Ins * Outs * kernel * kernel).Data;
        var transposed = op == "ConvTranspose";
        var weight = graph.AddInitializer("w", TensorData.Of(values, transposed ? Ins : Outs, transposed ? Outs : Ins, kernel, kernel));
        var conv = graph.Add(new Node(op, [x, weight], [y], "conv")
            .With("pads", [pad, pad, pad, pad]).With("strides", [stride, stride]).With("dilations", [dilation, dilation]));
        graph.AddOutput(y);
        var model = new Model(graph);
        model.OpsetImports[""] = 13;
        var input = RandomInput.Of(2, -1, 1, 1, Ins, 10, 8);
        using var session = OnnxSession.Open(OnnxFile.ToBytes(model), "conv");
        var expected = Planar.Of(session.Run(input));

        var rows = Unfolding.Of(input, conv, 0, Ins);

        Assert.Equal((expected.Height, expected.Width), (rows.Height, rows.Width));
        for (var o = 0; o < Outs; o++)
        {
            for (var i = 0; i < rows.Pixels; i++)
            {
                var sum = 0.0;
                for (var c = 0; c < rows.Count; c++)
                {
                    var (channel, place) = (c / (kernel * kernel), c % (kernel * kernel));
                    var at = transposed ? (channel * Outs + o) * kernel * kernel + place : (o * Ins + channel) * kernel * kernel + place;
                    sum += values[at] * rows[c][i];
                }

                Assert.Equal(expected[o][i], sum, 1e-4);
            }
        }
    }
}
