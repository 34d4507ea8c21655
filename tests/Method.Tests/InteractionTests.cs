using Xunit;

namespace MsSrConvert.Method.Tests;

public sealed class InteractionTests
{
    [Theory]
    [InlineData(Interaction.Adjacent, 1, 2, true)]
    [InlineData(Interaction.Adjacent, 2, 1, true)]
    [InlineData(Interaction.Adjacent, 0, 2, false)]
    [InlineData(Interaction.Adjacent, 1, 1, false)]
    [InlineData(Interaction.Full, 0, 2, true)]
    [InlineData(Interaction.Full, 2, 2, false)]
    public void Kernels_lead_between_neighbours_or_all_branches(Interaction interaction, int from, int to, bool connected) =>
        Assert.Equal(connected, interaction.Connects(from, to));
}
