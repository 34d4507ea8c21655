using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Plan;

/// <summary>
/// Says how much each channel of a feature value would lose at half size. The channels that lose most go to the finest branch; without
/// a ranking channels are shared out in source order.
/// </summary>
public interface IChannelRanking
{
    /// <summary>Ranks the channels of a normalised model's values.</summary>
    /// <param name="model">The model as the planner sees it; not to be changed.</param>
    /// <returns>For values that matter, one number per channel, at least 0; other values count as 0.</returns>
    IReadOnlyDictionary<Value, double[]> Rank(Model model);
}
