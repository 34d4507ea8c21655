using Microsoft.ML.OnnxRuntime;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.GraphIR.Verify;
using Xunit;

namespace MsSrConvert.Zoo.Tests;

public class CatalogTests
{
    private const long MostParameters = 2_000_000;

    public static TheoryData<string> Names => [.. ZooCatalog.Entries.Select(e => e.Name)];

    public static TheoryData<string> RunnableNames => [.. ZooCatalog.Entries.Where(e => e.Runs).Select(e => e.Name)];

    // ONNX Runtime lets a pool hang over the edge of an image that is too small, so that only convolutions and pads fail.
    public static TheoryData<string> NamesWithASmallestInput =>
    [
        .. ZooCatalog.Entries.Where(e => e.Runs && e.SmallestInput > e.SizeMultiple)
            .Where(e => !e.Create(1).Graph.Nodes.Any(n => n.Is("MaxPool") || n.Is("AveragePool"))).Select(e => e.Name),
    ];

    [Fact]
    public void Names_are_unique() =>
        Assert.Equal(ZooCatalog.Entries.Count, ZooCatalog.Entries.Select(e => e.Name).Distinct().Count());

    [Fact]
    public void An_unknown_name_is_answered_with_the_names_there_are()
    {
        var diagnostic = Assert.Throws<MsSrException>(() => ZooCatalog.Find("srgan")).Diagnostic;
        Assert.Equal("MSSR3101", diagnostic.Id);
        Assert.Contains("srresnet", diagnostic.Hint);
    }

    [Fact]
    public void A_part_of_a_name_is_answered_with_the_names_that_hold_it()
    {
        var diagnostic = Assert.Throws<MsSrException>(() => ZooCatalog.Find("unet")).Diagnostic;
        Assert.Equal("It has unet-pool-convtranspose, unet-resize.", diagnostic.Hint);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_network_is_sound_and_small(string name)
    {
        var entry = ZooCatalog.Find(name);
        var model = entry.Create(1);
        Assert.NotEmpty(entry.Description);
        Assert.Empty(GraphVerifier.Check(model));
        Assert.Equal(entry.Outputs.Count, model.Graph.Outputs.Count);
        Assert.InRange(model.Graph.Initializers.Sum(v => v.Initializer!.Count), 0, MostParameters);
        Assert.Equal(model.Graph.Values.Count(), model.Graph.Values.Select(v => v.Name).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_seed_decides_every_byte(string name)
    {
        var entry = ZooCatalog.Find(name);
        var bytes = OnnxFile.ToBytes(entry.Create(1));
        Assert.Equal(bytes, OnnxFile.ToBytes(entry.Create(1)));
        if (name != "wild-no-convolution")
            Assert.NotEqual(bytes, OnnxFile.ToBytes(entry.Create(2)));
    }

    [Theory]
    [MemberData(nameof(RunnableNames))]
    public void ONNX_Runtime_runs_it_at_even_and_odd_sizes_with_the_outputs_it_claims(string name)
    {
        var entry = ZooCatalog.Find(name);
        var model = entry.Create(1);
        var bytes = OnnxFile.ToBytes(model);
        foreach (var (height, width) in Sizes(entry))
        {
            var batch = height % 2 == 0 && TakesBatches(model, name) ? 2 : 1;
            var outputs = OrtRun.Run(bytes, entry, batch, height, width);
            Assert.Equal(entry.Outputs.Count, outputs.Count);
            for (var i = 0; i < outputs.Count; i++)
                CheckOutput(entry, entry.Outputs[i], model.Graph.Outputs[i].Shape!, outputs[i], height, width);
        }
    }

    [Theory]
    [MemberData(nameof(NamesWithASmallestInput))]
    public void One_step_below_the_smallest_input_there_is_no_result(string name)
    {
        var entry = ZooCatalog.Find(name);
        var side = RoundUp(entry.SmallestInput, entry.SizeMultiple) - entry.SizeMultiple;
        var bytes = OnnxFile.ToBytes(entry.Create(1));
        Assert.Throws<OnnxRuntimeException>(() => OrtRun.Run(bytes, entry, 1, side, side));
    }

    // A kernel predicted from the image is one kernel only.
    private static bool TakesBatches(Model model, string name) =>
        model.Graph.Inputs[0].Shape![0].IsSymbolic && name != "wild-weights-dynamic";

    private static void CheckOutput(ZooEntry entry, OutputSize size, Shape declared, (long[] Shape, float[] Elements) output,
        long height, long width)
    {
        var (first, second) = entry.ChannelsLast ? (1, 2) : (2, 3);
        Assert.Equal((size.Of(height), size.Of(width)), (output.Shape[first], output.Shape[second]));
        Assert.All(output.Elements, x => Assert.True(float.IsFinite(x)));
        Assert.True(output.Elements.Max(Math.Abs) is > 1e-3f and < 1e4f, $"The output reaches {output.Elements.Max(Math.Abs)}.");

        var symbols = new Dictionary<string, long>
        {
            ["batch"] = output.Shape[0],
            ["height"] = height,
            ["width"] = width,
            ["unk__1"] = output.Shape[0],
            ["unk__2"] = height,
            ["unk__3"] = width,
        };
        for (var axis = 0; axis < 4; axis++)
            Assert.Equal(declared[axis].Evaluate(symbols) ?? output.Shape[axis], output.Shape[axis]);
    }

    private static IEnumerable<(int Height, int Width)> Sizes(ZooEntry entry)
    {
        if (entry.StaticSide is { } side)
            return [(side, side)];
        var even = RoundUp(Math.Max(entry.SmallestInput, 12), Math.Max(2, entry.SizeMultiple));
        List<(int, int)> sizes = [(even, even + (2 * Math.Max(2, entry.SizeMultiple)))];
        if (entry.SizeMultiple == 1)
            sizes.Add((even + 1, even + 5));
        var smallest = RoundUp(entry.SmallestInput, entry.SizeMultiple);
        sizes.Add((smallest, smallest));
        return sizes;
    }

    private static int RoundUp(int number, int multiple) => (number + multiple - 1) / multiple * multiple;
}
