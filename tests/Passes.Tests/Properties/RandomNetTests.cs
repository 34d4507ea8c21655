using CsCheck;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Method;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Passes.Sizes;
using MsSrConvert.Passes.Tests.Reference;
using MsSrConvert.Passes.Tests.Support;
using Xunit;

namespace MsSrConvert.Passes.Tests.Properties;

/// <summary>
/// What holds for every network, shown on random ones. The networks are the same in every run; a failure names its seed, and
/// setting CsCheck_Seed to it runs that network alone. MSSR_PROPERTY_RUNS=20 looks at twenty times as many.
/// </summary>
public class RandomNetTests
{
    [Fact]
    public void Converted_networks_run_with_the_sources_output_shape() => ForAll(RandomNet.Any, 60, net =>
    {
        var input = OrtRun.Noise(1, 1, 3, net.Height, net.Width);
        var expected = OrtRun.Run(net.Build(), input)[0];
        var converted = Converter.Convert(net.Build(), net.Options, new RandomInitializer(1));
        var actual = OrtRun.Run(converted.Model, input)[0];
        Assert.Equal(expected.Dims, actual.Dims);
        Assert.True(actual.IsFinite());
        if (converted.Plan.ConvertedConvs == 0)
            Assert.InRange(actual.MaxDifference(expected), 0, 1e-5);
    });

    [Fact]
    public void Converted_networks_compute_what_the_reference_computes() => ForAll(RandomNet.Simple, 40, net =>
    {
        var source = net.Build();
        var result = Converter.Convert(net.Build(), net.Options with { ChannelAlign = 1 }, new TestStart());
        var kernels = OrtRun.Reread(result.Model).Graph.Initializers.ToDictionary(v => v.Name, v => NdArray.Of(v.Initializer!));
        var input = OrtRun.Noise(1, 1, 3, net.Height, net.Width);
        var reference = new BranchedReference(source, kernels, net.Options, new Dictionary<string, Sharing>());
        var multiple = (int)result.Plan.InputSizes.Multiple;
        var expected = reference.Run(NdArray.Of(input), multiple)[0];
        OrtRun.AssertClose(expected, OrtRun.Run(result.Model, input)[0], "random network");
    });

    [Fact]
    public void Converted_networks_take_images_2_to_the_n_minus_1_times_the_sources_smallest() => ForAll(RandomNet.Any, 60, net =>
    {
        var result = Converter.Convert(net.Build(), net.Options, new RandomInitializer(1));
        Assert.InRange(result.SmallestInput!.Value, 1, result.Source.SmallestInput!.Value << (net.Options.Branches - 1));
    });

    [Fact]
    public void Networks_whose_convs_are_all_kept_compute_the_same() => ForAll(RandomNet.Any, 15, net =>
    {
        var input = OrtRun.Noise(1, 1, 3, net.Height, net.Width);
        var kept = Converter.Convert(net.Build(), net.Options with { Keep = ["*"] }, new RandomInitializer(1)).Model;
        Assert.InRange(OrtRun.Run(net.Build(), input)[0].MaxDifference(OrtRun.Run(kept, input)[0]), 0, 1e-5);
    });

    [Fact]
    public void Conversions_are_deterministic_and_survive_the_file() => ForAll(RandomNet.Any, 30, net =>
    {
        byte[] Convert() => OnnxFile.ToBytes(Converter.Convert(net.Build(), net.Options, new RandomInitializer(1)).Model);
        var bytes = Convert();
        Assert.Equal(bytes, Convert());
        Assert.Equal(bytes, OnnxFile.ToBytes(ModelFile.Read(bytes)));
    });

    [Fact]
    public void Most_networks_can_be_converted()
    {
        var (seen, converted) = (0, 0);
        ForAll(RandomNet.Any, 60,
            net => (seen, converted) = (seen + 1, converted + (net.Build().Planned(net.Options).ConvertedConvs > 0 ? 1 : 0)));
        Assert.True(seen == 1 || converted > 0.7 * seen, $"{converted} of {seen} random networks have a conv that takes part.");
    }

    [Fact]
    public void Roles_follow_from_the_two_sides_of_every_conv() => ForAll(RandomNet.Any, 40, net =>
    {
        var plan = net.Build().Planned(net.Options);
        Assert.All(plan.Convs,
            c => Assert.Equal(c.Role, (plan.IsBranched(ConvSite.Of(c.Node).Input), plan.IsBranched(c.Node.Output)) switch
            {
                (false, true) => ConvRole.Separation,
                (true, true) => ConvRole.Interaction,
                (true, false) => ConvRole.Fusion,
                _ => ConvRole.Kept,
            }));
        // An image goes to every branch whole and can't be aligned.
        if (!net.Blocks.Contains(Block.ImageAgain))
            Assert.All(plan.Layouts.Values, layout => Assert.Equal(0, layout.Width % net.Options.ChannelAlign));
    });

    // CsCheck's own iterations differ from run to run, so every network gets a seed of its own.
    private static void ForAll(Gen<RandomNet> nets, int count, Action<RandomNet> property)
    {
        if (Environment.GetEnvironmentVariable("CsCheck_Seed") is { Length: > 0 } one)
        {
            nets.Sample(property, seed: one, iter: 1, threads: 1);
            return;
        }

        var times = int.TryParse(Environment.GetEnvironmentVariable("MSSR_PROPERTY_RUNS"), out var runs) ? runs : 1;
        for (var i = 0; i < count * times; i++)
            nets.Sample(property, seed: new PCG((uint)i, 2024).ToString(), iter: 1, threads: 1);
    }
}
