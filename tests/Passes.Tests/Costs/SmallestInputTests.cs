using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Costs;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Tests.Support;
using MsSrConvert.Zoo;
using Xunit;

namespace MsSrConvert.Passes.Tests.Costs;

public class SmallestInputTests
{
    [Fact]
    public void Padded_convs_take_a_single_pixel() => Assert.Equal(1, SmallestInput.Find(TinyGraphs.Between((net, x) => x)));

    [Fact]
    public void Unpadded_convs_take_what_they_cut_off_and_one_pixel() => Assert.Equal(
        9,
        SmallestInput.Find(
            TinyGraphs.Of((net, x) => net.Conv(net.Conv(x, "head", 12, 5, padding: 0), "tail", 3, 5, padding: 0))));

    [Fact]
    public void A_reflected_margin_takes_more_pixels_than_it_mirrors() =>
        Assert.Equal(4, SmallestInput.Find(TinyGraphs.Of((net, x) => net.Conv(net.Pad(x, 3), "head", 12, 7, padding: 0))));

    [Fact]
    public void A_network_that_reshapes_takes_the_multiple_that_it_reshapes_by()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 3, Dim.Of("h"), Dim.Of("w"));
        var sides = net.Op("Div", net.Op("Slice", net.Op("Shape", x), net.Ints("from", 2), net.Ints("to", 4)),
            net.Ints("three", 3));
        Value Side(int i) => net.Op("Slice", sides, net.Ints($"from{i}", i), net.Ints($"to{i}", i + 1));
        var six = net.Op("Reshape", x,
            net.Node("Concat", net.Ints("nc", 1, 3), Side(0), net.Ints("r", 3), Side(1), net.Ints("s", 3)).With("axis",
                0).Output);
        var deep = net.Op("Reshape", net.Node("Transpose", six).With("perm", [0, 1, 3, 5, 2, 4]).Output,
            net.Node("Concat", net.Ints("nd", 1, 27), sides).With("axis", 0).Output);
        net.Output(net.Conv(deep, net.Weights("w", 4, 27, 3, 3)).Output);

        Assert.Equal(3, SmallestInput.Find(net.Model));
    }

    [Fact]
    public void A_network_of_one_size_takes_that() =>
        Assert.Equal(24, SmallestInput.Find(TinyGraphs.Of(Shape.Known(1, 3, 24, 24), (net, x) => net.Conv(x, "a", 12, 3))));

    [Theory]
    [InlineData("rfdn", 15), InlineData("waifu2x", 15), InlineData("srresnet", 1)]
    public void Networks_of_the_zoo_take_what_the_catalogue_says(string name, int side)
    {
        Assert.Equal(side, ZooCatalog.Find(name).SmallestInput);
        Assert.Equal(side, SmallestInput.Find(ZooCatalog.Find(name).Create(1)));
    }

    [Fact]
    public void A_converted_network_takes_an_image_2_to_the_n_minus_1_times_as_large_at_most()
    {
        foreach (var branches in new[] { 2, 3 })
        {
            var result = Converter.Convert(ZooCatalog.Find("rlfn").Create(1), new ConversionOptions { Branches = branches },
                new TestStart());
            Assert.Equal(15, result.Source.SmallestInput);
            Assert.InRange(result.SmallestInput!.Value, 1, 15 << (branches - 1));
        }
    }
}
