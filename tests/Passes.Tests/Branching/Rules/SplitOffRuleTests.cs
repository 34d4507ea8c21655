using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Tests.Reference;
using MsSrConvert.Passes.Tests.Support;
using MsSrConvert.Zoo;
using Xunit;

namespace MsSrConvert.Passes.Tests.Branching.Rules;

public class SplitOffRuleTests
{
    [Theory]
    [InlineData(2, 12, Interaction.Adjacent), InlineData(3, 12, Interaction.Full), InlineData(2, 13, Interaction.Adjacent)]
    public void Branches_split_off_behind_a_value_that_a_skip_needs_in_full(int branches, int channels,
        Interaction interaction) => Agreement.Check(
        () => Trunk(channels, identity: false),
        new ConversionOptions { Branches = branches, Interaction = interaction, FuseAt = ConversionOptions.Upsampler },
        new Dictionary<string, Sharing> { ["/split_off/Conv"] = Sharing.Even(channels) },
        equivalent: () => Trunk(channels, identity: true));

    [Fact]
    public void The_split_groups_are_halved_and_the_skip_reads_the_full_value()
    {
        var options = new ConversionOptions { FuseAt = ConversionOptions.Upsampler, AssumeMultiple = true };
        Snapshots.Match(Converter.Convert(Trunk(12, identity: false), options, new Passes.Rewrite.SliceInitializer()).Model);
    }

    // A trunk with a long skip in front of an upscaling tail. The reference takes a 1x1 conv per channel that changes nothing for
    // what splits the branches off.
    private static Model Trunk(int channels, bool identity) => TinyGraphs.Of((net, x) =>
    {
        var head = net.Relu(net.Conv(x, "head", channels, 3));
        var body = net.Relu(net.Conv(identity ? Identity(net, head) : head, "a", channels, 3));
        var trunk = net.Add(head, net.Conv(body, "b", channels, 3));
        return net.Conv(net.Conv(net.Resize(trunk, 2), "up", channels, 3), "tail", 3, 3);
    });

    private static Value Identity(NetBuilder net, Value x)
    {
        var ones = net.Parameter("ones", [net.Channels(x), 1, 1, 1], () => [.. Enumerable.Repeat(1f, net.Channels(x))]);
        return net.ConvWith(x, "split_off", ones, null, net.Channels(x), 1, groups: net.Channels(x));
    }
}
