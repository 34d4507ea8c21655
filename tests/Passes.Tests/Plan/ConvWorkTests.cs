using MsSrConvert.Method;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Tests.Support;
using Xunit;

namespace MsSrConvert.Passes.Tests.Plan;

public class ConvWorkTests
{
    // Branch i has a quarter of the pixels of the one before it, and every kernel connects an n-th of the channels with an n-th. A
    // cross kernel runs at the coarser of its two scales.
    [Theory]
    [InlineData(2, Interaction.Adjacent, (1 + 0.25 + 2 * 0.25) / 4)]
    [InlineData(3, Interaction.Adjacent, (1 + 0.25 + 0.0625 + 2 * 0.25 + 2 * 0.0625) / 9)]
    [InlineData(3, Interaction.Full, (1 + 0.25 + 0.0625 + 2 * 0.25 + 4 * 0.0625) / 9)]
    public void An_interaction_layer_takes_its_share_of_the_convs_work(int branches, Interaction interaction, double share) =>
        Assert.Equal(share, Share(ConvRole.Interaction, branches, interaction), 1e-12);

    [Theory]
    [InlineData(2, (1 + 0.25) / 2)]
    [InlineData(3, (1 + 0.25 + 0.0625) / 3)]
    public void A_fusion_layer_reads_every_branch_once(int branches, double share) =>
        Assert.Equal(share, Share(ConvRole.Fusion, branches, Interaction.Adjacent), 1e-12);

    // A separation layer does all of the conv's work.
    private static double Share(ConvRole role, int branches, Interaction interaction)
    {
        var options = new ConversionOptions { Branches = branches, Interaction = interaction };
        var plan = TinyGraphs.Between((net, x) => net.Conv(net.Relu(x), "body", 12, 3)).Planned(options);
        var conv = plan.Convs.First(c => c.Role == ConvRole.Interaction).Node;
        return ConvWork.Of(conv, plan.InputSizes, role, options)
            / ConvWork.Of(conv, plan.InputSizes, ConvRole.Separation, options);
    }
}
