using MsSrConvert.GraphIR;
using MsSrConvert.Runtime;
using Xunit;

namespace MsSrConvert.Calibration.Tests;

public class ChannelSensitivityTests
{
    // Channel 0 is flat and loses nothing at half size. Channel 1 is a checkerboard of 0 and 2, of whose energy, 8·4, its means
    // keep 16·1. The conv takes 1 of the one and 2 of the other: 4·16 of 1·16·9 + 4·32.
    [Fact]
    public void A_channel_counts_by_what_half_its_size_loses_and_what_is_made_of_it()
    {
        var graph = new Graph("net");
        var input = graph.AddInput(new Value("input", new TensorType(ElementType.Float, new Shape(1, 2, 4, 4))));
        var feature = new Value("feature");
        graph.Add(new Node("Identity", [input], [feature]));
        var kernel = graph.AddInitializer("kernel", TensorData.Of([1f, 2f], 1, 2, 1, 1));
        var output = new Value("output");
        graph.Add(new Node("Conv", [feature, kernel], [output]));
        graph.AddOutput(output);
        var model = new Model(graph);
        model.OpsetImports[""] = 13;
        float[] pixels = [.. Enumerable.Repeat(3f, 16), .. Enumerable.Range(0, 16).Select(i => (i / 4 + i) % 2 * 2f)];

        var found = ChannelSensitivity.Measure(model,
            [new Dictionary<string, Tensor> { ["input"] = new Tensor(pixels, [1, 2, 4, 4]) }]);

        var channels = Assert.Single(found).Value;
        Assert.Equal(0, channels[0], 1e-9);
        Assert.Equal(64.0 / (144 + 128), channels[1], 1e-9);
    }
}
