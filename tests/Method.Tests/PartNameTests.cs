using Xunit;

namespace MsSrConvert.Method.Tests;

public sealed class PartNameTests
{
    [Theory]
    [InlineData("body/conv/features", "body/conv", "Features", 0)]
    [InlineData("a/groups", "a", "Groups", 0)]
    [InlineData("a/group2", "a", "Group", 1)]
    [InlineData("/trunk/conv1/Conv/same8", "/trunk/conv1/Conv", "Same", 7)]
    [InlineData("a/fusion1", "a", "Fusion", 0)]
    [InlineData("a/up1", "a", "Up", 0)]
    [InlineData("a/sum3", "a", "Sum", 2)]
    [InlineData("a/down", "a", "Down", 0)]
    [InlineData("same1/branch2", "same1", "Branch", 1)]
    [InlineData("a/gate2", "a", "Gate", 1)]
    [InlineData("a/weighed2", "a", "Weighed", 1)]
    [InlineData("a/pad2", "a", "Pad", 1)]
    [InlineData("a/crop2", "a", "Crop", 1)]
    [InlineData("a/size2", "a", "Size", 1)]
    public void A_name_says_the_source_and_the_part(string text, string source, string kind, int branch)
    {
        Assert.True(PartName.TryParse(text, out var name));

        Assert.Equal(new PartName(source, new LayerPart(Enum.Parse<PartKind>(kind), branch)), name);
        Assert.Equal(text, name.ToString());
    }

    [Fact]
    public void Cross_kernels_say_both_branches()
    {
        Assert.True(PartName.TryParse("a/from1to3", out var kernel));
        Assert.True(PartName.TryParse("a/from3to1/up2", out var up));

        Assert.Equal(new PartName("a", LayerPart.Cross(from: 0, to: 2)), kernel);
        Assert.Equal(new PartName("a", LayerPart.CrossUp(from: 2, to: 0, at: 1)), up);
        Assert.Equal(["from1to3", "from3to1/up2"], [kernel.Part.ToString(), up.Part.ToString()]);
    }

    [Fact]
    public void A_number_behind_a_name_that_was_taken_is_told_from_the_part()
    {
        Assert.True(PartName.TryParse("a/same1_12", out var name));

        Assert.Equal(new PartName("a", PartKind.Same.On(0), 12), name);
        Assert.Equal("a/same1_12", name.ToString());
    }

    [Theory]
    [InlineData("same1")]
    [InlineData("/same1")]
    [InlineData("a/same")]
    [InlineData("a/same0")]
    [InlineData("a/same10")]
    [InlineData("a/same1_1")]
    [InlineData("a/same1_02")]
    [InlineData("a/same1x")]
    [InlineData("a/Same1")]
    [InlineData("a/from1")]
    [InlineData("a/cross1")]
    [InlineData("a/crossup1")]
    [InlineData("")]
    public void Other_names_are_no_parts(string text) => Assert.False(PartName.TryParse(text, out _));

    [Fact]
    public void Names_have_no_dots() => Assert.Equal("net_0_conv/same2", PartName.Of("net.0.conv", PartKind.Same.On(1)));

    [Fact]
    public void A_layer_has_the_convs_that_its_role_and_the_interaction_ask_for()
    {
        string[] Convs(ConvRole role, Interaction interaction) =>
            [.. LayerPart.Convs(role, 3, interaction).Select(p => p.ToString())];

        Assert.Equal(["features"], Convs(ConvRole.Separation, Interaction.Full));
        Assert.Equal(["same1", "same2", "same3", "from2to1", "from1to2", "from3to2", "from2to3"],
            Convs(ConvRole.Interaction, Interaction.Adjacent));
        Assert.Equal(9, Convs(ConvRole.Interaction, Interaction.Full).Length);
        Assert.Equal(["fusion1", "fusion2", "fusion3"], Convs(ConvRole.Fusion, Interaction.Adjacent));
        Assert.Empty(Convs(ConvRole.Kept, Interaction.Full));
    }

    [Fact]
    public void A_part_says_the_role_of_its_layer() => Assert.Equal(
        [ConvRole.Separation, ConvRole.Separation, ConvRole.Interaction, ConvRole.Interaction, ConvRole.Fusion, null],
        new[] { LayerPart.Features, LayerPart.Groups, PartKind.Same.On(1), LayerPart.Cross(0, 1), PartKind.Fusion.On(0),
            PartKind.Sum.On(0) }.Select(p => p.Role));
}
