using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Passes.Tests.Support;
using Xunit;
using static MsSrConvert.Passes.Tests.Support.LayerView;

namespace MsSrConvert.Passes.Tests.Rewrite;

/// <summary>How the three layers are written, as text.</summary>
public class LayerTests
{
    [Fact]
    public void Separation_interaction_and_fusion_with_two_branches() => Snapshots.Match(Convert(2, Interaction.Adjacent));

    [Fact]
    public void An_adjacent_interaction_with_three_branches() => Snapshots.Match(Convert(3, Interaction.Adjacent));

    [Fact]
    public void A_full_interaction_with_three_branches() => Snapshots.Match(Convert(3, Interaction.Full));

    [Fact]
    public void Pad_and_crop_for_any_size() => Snapshots.Match(
        Converter.Convert(TinyGraphs.Between((net, x) => x), new ConversionOptions(), new SliceInitializer()).Model);

    [Theory]
    [InlineData(2), InlineData(3), InlineData(4)]
    public void Every_value_is_halved_once_per_scale_however_many_layers_read_it(int branches)
    {
        var source =
            TinyGraphs.Between((net, x) => net.Add(net.Conv(net.Relu(x), "a", 12, 3), net.Conv(net.Relu(x), "b", 12, 3)));
        var model = source.Converted(new() { Branches = branches, Interaction = Interaction.Full });
        var halvings = model.Graph.Nodes.Where(IsHalving).ToArray();
        Assert.Equal(halvings.Length, halvings.Select(h => h.Input(0)).Distinct().Count());
        // The separation's own: 0+1+2…; before the two convs: every branch's way down to the coarsest.
        Assert.Equal(branches * (branches - 1), halvings.Length);
    }

    [Fact]
    public void Every_branch_has_the_bias_once()
    {
        var model = Convert(3, Interaction.Full);
        Assert.Equal(3, model.Initializer("a.bias/same").Uses.Count);
        Assert.Single(model.Initializer("tail.bias/fusion").Uses);
        Assert.All(model.Graph.Nodes.Where(n => n.Is("Conv") && n.Name.Contains("/from", StringComparison.Ordinal)),
            n => Assert.Null(n.Input(2)));
    }

    [Fact]
    public void Inputs_outputs_and_kept_nodes_keep_their_names()
    {
        var source = TinyGraphs.Between((net, x) => net.Conv(net.Conv(x, "kept", 12, 3), "a", 12, 3));
        var model = source.Converted(new() { Keep = ["/kept/*"] });
        Assert.Equal(["input"], model.Graph.Inputs.Select(v => v.Name));
        Assert.Equal(["output"], model.Graph.Outputs.Select(v => v.Name));
        Assert.Equal(["/kept/Conv"],
            model.Graph.Nodes.Where(n => n.Name.StartsWith("/kept", StringComparison.Ordinal)).Select(n => n.Name));
        Assert.Equal("kept.weight", model.Node("/kept/Conv").Input(1)!.Name);
    }

    [Fact]
    public void Names_of_new_nodes_are_unique_and_have_no_dots()
    {
        var source = TinyGraphs.Of((net, x) =>
        {
            using var scope = net.Scope("model.body");
            return net.Conv(net.Conv(net.Conv(x, "head", 12, 3), "a", 12, 3), "tail", 3, 3);
        });
        foreach (var node in source.Graph.Nodes)
            node.Name = node.Name.Replace('/', '.');
        var nodes = source.Converted().Graph.Nodes;
        Assert.Equal(nodes.Count, nodes.Select(n => n.Name).Distinct().Count());
        Assert.DoesNotContain(nodes, n => n.Name.Contains('.', StringComparison.Ordinal));
    }

    private static Model Convert(int branches, Interaction interaction) => Converter.Convert(
        TinyGraphs.Between((net, x) => net.Conv(x, "a", 12, 3)),
        new ConversionOptions { Branches = branches, Interaction = interaction, AssumeMultiple = true },
        new SliceInitializer()).Model;
}
