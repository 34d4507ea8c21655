using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Operators;
using MsSrConvert.Runtime;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Imaging.Tests.ImageModels;

public class ReceptiveFieldTests
{
    [SharedTheory]
    [InlineData("ESPCN_rgb")]
    [InlineData("FSRCNN_rgb")]
    [InlineData("FSRCNN_tf")]
    [InlineData("SRCNN955")]
    [InlineData("waifu2x")]
    [InlineData("DnCNN25-x1.onnx")]
    [InlineData("03_FMEN")]
    [InlineData("super-resolution-10")]
    [InlineData("animevideov3")]
    public void What_a_changed_pixel_reaches_lies_within_the_field_and_almost_fills_it(string name)
    {
        var path = TestFiles.Model(name);
        using var session = OnnxSession.Open(path);
        var input = RandomInput.For(session.Inputs[0], 88, 88, seed: 1);
        var field = ReceptiveField.Of(ModelFile.Read(path), input.Dims);

        var (before, after) = Measure(session, input);

        Assert.False(field.IsGlobal);
        Assert.InRange(before, field.Before - 2.0, field.Before + 0.5);
        Assert.InRange(after, field.After - 2.0, field.After + 0.5);
    }

    [SharedTheory]
    [InlineData("RCAN_g3b6", "GlobalAveragePool")]
    [InlineData("04_RLFN", "Resize")]
    public void A_node_that_makes_the_field_the_whole_image_is_named(string name, string op)
    {
        var field = ReceptiveField.Of(ModelFile.Read(TestFiles.Model(name)), 1, 3, 96, 96);

        Assert.StartsWith(op, field.GlobalNode);
    }

    [Theory]
    [InlineData("LogSoftmax", 1, false)]
    [InlineData("LogSoftmax", 3, true)]
    [InlineData("Hardmax", 2, true)]
    [InlineData("LpNormalization", 1, false)]
    [InlineData("MeanVarianceNormalization", null, true)]
    [InlineData("CumSum", null, true)]
    [InlineData("Swish", null, false)]
    public void An_operator_is_global_where_it_looks_along_space(string op, int? axis, bool isGlobal)
    {
        var model = new Model(new Graph("test"));
        model.OpsetImports[""] = 13;
        var x = model.Graph.AddInput(new Value("x", new TensorType(ElementType.Float, Shape.Known(1, 3, 32, 32))));
        var node = model.Graph.Add(new Node(op, [x], [new Value("y")]));
        if (axis is { } stated)
            node.With("axis", stated);
        var cast = model.Graph.Add(new Node("Cast", [node.Output], [new Value("z")]).With("to", (long)ElementType.Float));
        model.Graph.AddOutput(cast.Output);

        Assert.Equal(isGlobal, ReceptiveField.Of(model, 1, 3, 32, 32).IsGlobal);
    }

    [SharedFact]
    public void Pooling_decides_where_tiles_may_begin() =>
        Assert.Equal(32, ReceptiveField.Of(ModelFile.Read(TestFiles.Model("noise2noise")), 1, 3, 192, 192).Alignment);

    [SharedFact]
    public void Memory_per_pixel_covers_the_widest_values()
    {
        var model = ModelFile.Read(TestFiles.Model("ESPCN_rgb"));

        // Two values of 64 channels at once, and something over.
        Assert.InRange(MemoryEstimate.BytesPerPixel(model, 64, 64, 1, 3, 64, 64)!.Value, 2 * 64 * 4, 4 * 64 * 4);
    }

    // Changes one pixel and looks how far before and after it outputs change, in input pixels.
    private static (double Before, double After) Measure(OnnxSession session, Tensor input)
    {
        var last = RandomInput.IsChannelsLast(session.Inputs[0].Shape);
        var (size, channels) = ((int)input.Dims[last ? 1 : 2], (int)input.Dims[last ? 3 : 1]);
        var place = size / 2 * size + size / 2;
        var changed = (float[])input.Data.Clone();
        for (var c = 0; c < channels; c++)
            changed[last ? place * channels + c : c * size * size + place] += 5;
        var (a, b) = (session.Run(input), session.Run(new Tensor(changed, input.Dims)));
        var width = (int)a.Dims[3];
        var scale = Math.Ceiling((double)width / size);
        var (first, end) = (double.MaxValue, double.MinValue);
        for (var i = 0; i < a.Data.Length; i++)
        {
            if (Math.Abs(a.Data[i] - b.Data[i]) <= 1e-7)
                continue;
            var at = (i % width + 0.5) / scale - 0.5;
            (first, end) = (Math.Min(first, at), Math.Max(end, at));
        }

        return (end - size / 2, size / 2 - first);
    }
}
