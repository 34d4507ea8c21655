using MsSrConvert.Passes.Analysis;
using MsSrConvert.Passes.Tests.Support;
using MsSrConvert.Zoo;
using Xunit;

namespace MsSrConvert.Passes.Tests.Analysis;

public class SmallestInputTests
{
    [Fact]
    public void Padded_convs_take_a_single_pixel() => Assert.Equal(1, SmallestInput.Find(TinyGraphs.Between((net, x) => x)));

    [Fact]
    public void Unpadded_convs_take_what_they_cut_off_and_one_pixel() => Assert.Equal(
        9, SmallestInput.Find(TinyGraphs.Of((net, x) => net.Conv(net.Conv(x, "head", 12, 5, padding: 0), "tail", 3, 5, padding: 0))));

    [Fact]
    public void A_reflected_margin_takes_more_pixels_than_it_mirrors() =>
        Assert.Equal(4, SmallestInput.Find(TinyGraphs.Of((net, x) => net.Conv(net.Pad(x, 3), "head", 12, 7, padding: 0))));

    [Theory]
    [InlineData("rfdn", 15), InlineData("waifu2x", 15), InlineData("srresnet", 1)]
    public void Networks_of_the_zoo_take_what_the_catalogue_says(string name, int side)
    {
        Assert.Equal(side, ZooCatalog.Find(name).SmallestInput);
        Assert.Equal(side, SmallestInput.Find(ZooCatalog.Find(name).Create(1)));
    }

    [Fact]
    public void A_converted_network_takes_a_picture_2_to_the_n_minus_1_times_as_large_at_most()
    {
        foreach (var branches in new[] { 2, 3 })
        {
            var result = Converter.Convert(ZooCatalog.Find("rlfn").Create(1), new ConversionOptions { Branches = branches }, new TestStart());
            Assert.Equal(15, result.SmallestSource);
            Assert.InRange(result.SmallestConverted!.Value, 1, 15 << (branches - 1));
        }
    }
}
