using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Passes.Tests.Support;
using Xunit;

namespace MsSrConvert.Passes.Tests.Rewrite;

public class MetadataPassTests
{
    [Fact]
    public void Ties_are_the_shared_initializers_with_the_nodes_that_read_them() => Assert.Equal(
        """{"a.weight/same":["/a/Conv/same1","/a/Conv/same2","/a/Conv/same3"],"a.bias/same":["/a/Conv/same1","/a/Conv/same2","/a/Conv/same3"]}""",
        Convert(new ConversionOptions { Branches = 3 }, new SliceInitializer()).GetMetadata("mssr.ties"));

    [Fact]
    public void Roles_are_recorded_for_every_conv_of_the_source() => Assert.Equal(
        """{"/head/Conv":"separation","/a/Conv":"interaction","/tail/Conv":"fusion"}""",
        Convert(new ConversionOptions(), new SliceInitializer()).GetMetadata("mssr.roles"));

    [Fact]
    public void The_form_of_the_conversion_is_recorded()
    {
        var options = new ConversionOptions
        {
            Branches = 4,
            Interaction = Interaction.Full,
            ChannelAlign = 2,
            AssumeMultiple = true
        };
        var model = Convert(options, new RandomInitializer(5));
        string[] keys = ["branches", "interaction", "size_multiple", "any_size", "channel_align", "form", "start"];
        Assert.Equal(["4", "full", "8", "false", "2", "train", "random:5"], keys.Select(key => model.GetMetadata($"mssr.{key}")));
    }

    [Fact]
    public void What_chose_the_layers_is_recorded() => Assert.Equal(
        """{"fuse_at":"last","separate_at":"/a/Conv","keep":["b*"]}""",
        Convert(new ConversionOptions { SeparateAt = "/a/Conv", Keep = ["b*"] },
            new SliceInitializer()).GetMetadata("mssr.options"));

    [Fact]
    public void Entries_of_the_source_stay_but_that_of_its_calibration()
    {
        var source = Source();
        source.SetMetadata("author", "somebody");
        source.SetMetadata("mssr.calibrated", "{}");
        var converted = OrtRun.Reread(source.Converted());
        Assert.Equal("somebody", converted.GetMetadata("author"));
        Assert.Null(converted.GetMetadata("mssr.calibrated"));
    }

    private static Model Convert(ConversionOptions options, IKernelInitializer start) =>
        OrtRun.Reread(Converter.Convert(Source(), options, start).Model);

    private static Model Source() => TinyGraphs.Between((net, x) => net.Conv(x, "a", 12, 3));
}
