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
        var weight = graph.AddInitializer("w",
            TensorData.Of(values, transposed ? Ins : Outs, transposed ? Outs : Ins, kernel, kernel));
        var conv = graph.Add(new Node(op, [x, weight], [y], "conv")
            .With("pads", [pad, pad, pad, pad]).With("strides", [stride, stride]).With("dilations", [dilation, dilation]));
        graph.AddOutput(y);
        var model = new Model(graph);
        model.OpsetImports[""] = 13;
        var input = RandomInput.Of(2, -1, 1, 1, Ins, 10, 8);
        using var session = OnnxSession.Open(OnnxFile.ToBytes(model), "conv");
        var expected = Planar.Of(session.Run(input));

        var rows = new Planar(Ins * kernel * kernel, 1, expected.Pixels);
        Unfolding.Write(input, conv, 0, Ins, PixelSample.All(expected.Height, expected.Width), rows, 0);

        for (var o = 0; o < Outs; o++)
        {
            for (var i = 0; i < rows.Pixels; i++)
            {
                var sum = 0.0;
                for (var c = 0; c < rows.Count; c++)
                {
                    var (channel, place) = (c / (kernel * kernel), c % (kernel * kernel));
                    var at = transposed
                        ? (channel * Outs + o) * kernel * kernel + place : (o * Ins + channel) * kernel * kernel + place;
                    sum += values[at] * rows[c][i];
                }

                Assert.Equal(expected[o][i], sum, 1e-4);
            }
        }
    }

    [Fact]
    public void A_coarser_conv_is_repeated_up_to_the_branch_and_a_finer_one_averaged_down()
    {
        var graph = new Graph("conv");
        var x = graph.AddInput(new Value("x"));
        var conv = graph.Add(
            new Node("Conv", [x, graph.AddInitializer("w", TensorData.Of([1f], 1, 1, 1, 1))], [new Value("y")], "conv"));
        var input = RandomInput.Of(1, -1, 1, 1, 1, 4, 4);
        var (fine, coarse) = (new Planar(1, 1, 64), new Planar(1, 1, 4));

        Unfolding.Write(input, conv, 0, 1, PixelSample.All(8, 8), fine, 0);
        Unfolding.Write(input, conv, 0, 1, PixelSample.All(2, 2), coarse, 0);

        for (var i = 0; i < 64; i++)
            Assert.Equal(input.Data[i / 16 * 4 + i % 8 / 2], fine[0][i]);
        Assert.Equal(Planar.Of(input).PooledTo(2).Data, coarse.Data);
    }
}
