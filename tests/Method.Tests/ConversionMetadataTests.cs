using MsSrConvert.GraphIR;
using Xunit;

namespace MsSrConvert.Method.Tests;

public sealed class ConversionMetadataTests
{
    private static Model Converted(params (string Key, string Value)[] other)
    {
        var model = new Model(new Graph("net"));
        foreach (var (key, value) in new[]
        {
            (MetadataKeys.Branches, "3"), (MetadataKeys.Interaction, "full"), (MetadataKeys.Form, MetadataKeys.TrainForm),
            (MetadataKeys.Roles, """{"a":"separation","b":"kept"}"""), (MetadataKeys.Ties, """{"w":["a","b"]}"""),
        }.Concat(other))
        {
            model.SetMetadata(key, value);
        }

        return model;
    }

    [Fact]
    public void Entries_are_read()
    {
        var metadata = ConversionMetadata.Read(Converted())!;

        Assert.Equal((3, Interaction.Full, false), (metadata.Branches, metadata.Interaction, metadata.IsDeployed));
        Assert.Equal([("a", ConvRole.Separation), ("b", ConvRole.Kept)], metadata.Roles);
        Assert.Equal("w", metadata.Ties.Single().Name);
        Assert.Equal(["a", "b"], metadata.Ties.Single().Nodes);
    }

    [Fact]
    public void A_model_that_was_not_converted_has_none() => Assert.Null(ConversionMetadata.Read(new Model(new Graph("net"))));

    [Fact]
    public void The_deploy_form_has_no_layers_of_its_own()
    {
        var metadata = ConversionMetadata.Read(Converted((MetadataKeys.Form, MetadataKeys.DeployForm)))!;

        Assert.True(metadata.IsDeployed);
        Assert.Empty(metadata.Roles);
        Assert.Empty(metadata.Ties);
    }

    [Theory]
    [InlineData(MetadataKeys.Branches, "1")]
    [InlineData(MetadataKeys.Interaction, "7")]
    [InlineData(MetadataKeys.Roles, "[]")]
    [InlineData(MetadataKeys.Ties, """{"w":3}""")]
    public void An_entry_that_cannot_be_understood_is_named(string key, string value) =>
        Assert.Contains(key, Assert.Throws<FormatException>(() => ConversionMetadata.Read(Converted((key, value)))).Message,
            StringComparison.Ordinal);
}
