using MsSrConvert.Calibration.Features;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Method;
using MsSrConvert.Passes;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Runtime;
using MsSrConvert.Zoo.Networks;
using Xunit;

namespace MsSrConvert.Calibration.Tests;

/// <summary>
/// In every layer a random start's features are spread as the source's are: those of the finest branch, which the output comes
/// from at first, within a factor of 1.5, those of coarser ones, which share its kernels, within 3; but for those of IMDN with
/// three branches, where some convs make four channels.
/// </summary>
public class RandomStartFitTests
{
    private static readonly Dictionary<string, Func<Model>> Networks = new()
    {
        ["SRVGG"] = () => SrVgg.Create(1),
        ["SRResNet"] = () => SrResNet.Create(1, blocks: 3, channels: 48),
        ["SRResNet with BatchNorm"] = () => SrResNet.CreateWithBatchNorm(1, channels: 48),
        ["CARN"] = () => Carn.Create(1, channels: 48),
        ["RRDBNet"] = () => RrdbNet.Create(1, channels: 48, growth: 24),
        ["IMDN"] = () => Imdn.Create(1, channels: 48),
        ["U-Net"] = () => UNet.CreateWithConvTranspose(1, channels: 24),
    };

    [Theory]
    [InlineData("SRVGG", 2), InlineData("SRVGG", 3, Interaction.Full), InlineData("SRVGG", 4)]
    [InlineData("SRResNet", 2), InlineData("SRResNet", 3), InlineData("SRResNet", 2, Interaction.Adjacent, "upsampler")]
    [InlineData("SRResNet with BatchNorm", 2), InlineData("CARN", 2), InlineData("RRDBNet", 2)]
    [InlineData("RRDBNet", 3), InlineData("IMDN", 2), InlineData("IMDN", 3, Interaction.Full, "last", 10), InlineData("U-Net", 2)]
    public void Every_branch_keeps_the_spread_of_the_sources_features(
        string network, int branches, Interaction interaction = Interaction.Adjacent, string fuseAt = "last", double coarser = 3)
    {
        var options = new ConversionOptions { Branches = branches, Interaction = interaction, FuseAt = fuseAt };
        var ratios = Ratios(Networks[network](), options);
        Assert.NotEmpty(ratios);
        Assert.All(ratios, r => AssertNear(r, r.Branch == 1 ? 1.5 : coarser));
    }

    [Fact]
    public void Kernels_that_several_layers_share_are_fitted_to_the_first()
    {
        var ratios = Ratios(Carn.CreateMobile(1, channels: 48), new ConversionOptions());
        Assert.All(ratios, r => AssertNear(r, 3));
    }

    [Fact]
    public void A_trained_networks_gains_do_not_matter()
    {
        // Small kernels and large biases: what is drawn with their gains alone ends in nothing.
        var source = SrVgg.Create(1);
        foreach (var conv in source.Graph.Nodes.Where(n => n.Is("Conv")))
        {
            Scale(source, conv.Input(1)!, 0.1f);
            Scale(source, conv.Input(2)!, 20);
        }

        Assert.All(Ratios(source, new ConversionOptions()), r => AssertNear(r, 3));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes()
    {
        byte[] Bytes(int seed) => OnnxFile.ToBytes(Fitted(SrVgg.Create(1), new ConversionOptions(), seed).Model);
        Assert.Equal(Bytes(1), Bytes(1));
        Assert.NotEqual(Bytes(1), Bytes(2));
    }

    [Fact]
    public void A_layer_that_gives_nothing_in_the_source_begins_with_nothing()
    {
        var source = SrVgg.Create(1);
        var last = source.Graph.Nodes.Last(n => n.Is("Conv"));
        Scale(source, last.Input(1)!, 0);
        Scale(source, last.Input(2)!, 0);
        var kernels = Fitted(source, new ConversionOptions()).Model.Graph.Initializers.ToDictionary(v => v.Name,
            v => v.Initializer!);
        Assert.All(kernels["tail.weight/fusion1"].ToFloats(), v => Assert.Equal(0, v));
        Assert.All(kernels.Where(k => k.Value.Element.IsFloatingPoint()).SelectMany(k => k.Value.ToFloats()),
            v => Assert.True(float.IsFinite(v)));
    }

    private static void AssertNear((string Layer, int Branch, double Ratio) spread, double factor) =>
        Assert.True(spread.Ratio > 1 / factor && spread.Ratio < factor,
            $"{spread.Layer}, branch {spread.Branch}: {spread.Ratio:F2} of the source's spread");

    private static void Scale(Model model, Value weight, float factor)
    {
        var data = weight.Initializer!;
        model.Graph.SetInitializer(weight, TensorData.Of(Array.ConvertAll(data.ToFloats(), v => v * factor), [.. data.Dims]));
    }

    private static Converted Fitted(Model source, ConversionOptions options, int seed = 1)
    {
        var start = Converter.Convert(source, options, new RandomInitializer(seed));
        RandomStartFit.Run(start, [Image(1)]);
        return start;
    }

    private static List<(string Layer, int Branch, double Ratio)> Ratios(Model source, ConversionOptions options) =>
        Ratios(Fitted(source, options), [Image(2)]);

    // The spread of every branch of every layer, finest first, as a share of the source's: on another image than was fitted on.
    private static List<(string Layer, int Branch, double Ratio)> Ratios(
        Converted start, IReadOnlyList<IReadOnlyDictionary<string, Tensor>> patches)
    {
        var pair = new PairFeatures(start, patches);
        var layers = start.Plan.Convs.Where(c => c.Role != ConvRole.Kept).Select(c => c.Node.Output).ToArray();
        var teacher = pair.Teacher.Compute(layers);
        var student = pair.Student.Compute(layers.SelectMany(pair.StudentOf));
        return
        [
            .. layers.SelectMany(layer => pair.StudentOf(layer).Select((branch, b) =>
                (layer.Name, b + 1, Spread(student[branch]) / Spread(teacher[layer])))),
        ];
    }

    private static double Spread(IReadOnlyList<Tensor> features) =>
        Math.Sqrt(features.SelectMany(f => f.Data).Average(v => (double)v * v));

    // Patches of even colour: as in photographs, halving takes little away.
    private static Dictionary<string, Tensor> Image(ulong seed)
    {
        const int side = 48, patches = 6, patch = side / patches;
        var colours = RandomInput.Of(seed, 0, 1, 1, 3, patches, patches).Data;
        var pixels = from channel in Enumerable.Range(0, 3)
                     from row in Enumerable.Range(0, side)
                     from column in Enumerable.Range(0, side)
                     select colours[((channel * patches) + (row / patch)) * patches + (column / patch)];
        return new() { ["input"] = new Tensor([.. pixels], [1, 3, side, side]) };
    }
}
