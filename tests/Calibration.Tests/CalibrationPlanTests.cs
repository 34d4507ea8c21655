using MsSrConvert.Calibration.Features;
using MsSrConvert.Calibration.Images;
using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Passes;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Zoo.Networks;
using Xunit;

namespace MsSrConvert.Calibration.Tests;

public class CalibrationPlanTests
{
    private static readonly ImageContract Contract = new() { Channels = 1, MinimumSize = 4 };
    private static readonly CalibrationRequest Request = new(new SyntheticImages());

    [Theory]
    [InlineData(64, 48, 64)]
    [InlineData(20, 96, 24)]
    [InlineData(256, 8, 256)]
    public void Patches_are_as_many_as_make_the_usual_number_of_pixels_of_a_side_that_the_branches_take(int side, int patches,
        int rounded)
    {
        var plan = Make(Request with { PatchSize = side, Memory = 64L << 30 });
        Assert.Equal((patches, rounded, rounded, false), (plan.Patches, plan.Height, plan.Width, plan.IsSmaller));
        Assert.All(plan.Layers, Assert.NotNull);
    }

    [Fact]
    public void As_many_as_asked_for_are_taken_where_they_fit() =>
        Assert.Equal(1000, Make(Request with { Patches = 1000, Memory = 64L << 30 }).Patches);

    [Theory]
    [InlineData(16, 1e15, 16)]
    [InlineData(3, 1e15, 3)]
    [InlineData(16, 1, 4)]
    [InlineData(2, 1, 2)]
    public void Sweeps_are_as_many_as_their_work_allows_but_four_of_those_asked_for(int asked, double work, int sweeps) =>
        Assert.Equal(sweeps,
            Make(
                Request with
                {
                    Options = new CalibrationOptions { Sweeps = asked, SweepWork = work },
                    Memory = 64L << 30
                }).Sweeps);

    [Fact]
    public void Half_the_work_makes_half_the_sweeps()
    {
        CalibrationPlan With(double work) =>
            Make(Request with { Options = new CalibrationOptions { Sweeps = 1000, SweepWork = work }, Memory = 64L << 30 });
        Assert.InRange(With(2e11).Sweeps, 2 * With(1e11).Sweeps, 2 * With(1e11).Sweeps + 1);
    }

    [Fact]
    public void A_network_of_one_size_gets_patches_of_it() =>
        Assert.Equal((40, 56),
            Make(Request, Contract with { FixedHeight = 40, FixedWidth = 56 }) is var plan ? (plan.Height, plan.Width) : default);

    [Fact]
    public void Short_memory_costs_patches_first_then_their_size_then_more_patches_then_the_sweeps()
    {
        var whole = Make(Request with { Patches = 2000, Memory = 64L << 30 });
        var least = Make(Request with { Patches = 8, Memory = 64L << 30 });
        var between = Make(Request with { Patches = 2000, Memory = (long)(whole.Bytes + least.Bytes) / 2 });
        Assert.InRange(between.Patches, 9, 1999);
        Assert.Equal((64, true), (between.Height, between.Sweeps > 0));
        var enough = Make(Request with { Patches = 48, Memory = 64L << 30 });
        Assert.Equal((48, 64),
            Make(Request with { Memory = (long)enough.Bytes + 1 }) is var fitting ? (fitting.Patches, fitting.Height) : default);
        var smaller = Make(Request with { Memory = (long)enough.Bytes - 1 });
        Assert.Equal((32, true, true), (smaller.Height, smaller.Sweeps > 0, smaller.IsSmaller));
        Assert.InRange(smaller.Patches, 48, 96);
        var few = Make(Request with { Memory = (long)least.Bytes - 1 });
        Assert.Equal((32, true), (few.Height, few.Sweeps > 0));
        Assert.InRange(few.Patches, 8, 47);
        var single = Make(
            Request with { Options = new CalibrationOptions { Sweeps = 0 }, PatchSize = 32, Patches = 8, Memory = 64L << 30 });
        Assert.Equal(0, Make(Request with { Memory = (long)single.Bytes + 1 }).Sweeps);
        var error = Assert.Throws<MsSrException>(() => Make(Request with { Memory = (long)single.Bytes - 1 }));
        Assert.Equal(("MSSR3301", "--memory"), (error.Diagnostic.Id, error.Diagnostic.Where));
    }

    private static CalibrationPlan Make(CalibrationRequest request, ImageContract? contract = null)
    {
        var start = Converter.Convert(EspCn.Create(1, wide: 64, narrow: 32), new ConversionOptions { Branches = 4 },
            new SliceInitializer());
        return CalibrationPlan.Make(new PairFeatures(start, []), contract ?? Contract, start.Plan, request);
    }
}
