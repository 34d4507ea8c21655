using System.Globalization;
using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Costs;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Rewrite;

/// <summary>Tells of conversions that cost more than they save, and where.</summary>
internal static class CostGrowth
{
    /// <summary>What a model costs altogether, and its convs' multiply-adds and parameters by name.</summary>
    public sealed record Costs(ModelCost Whole, IReadOnlyDictionary<string, long> Macs, IReadOnlyDictionary<string, long> Params);

    /// <summary>A warning where the result has more parameters or multiply-adds than the source; null where it has not.</summary>
    public static Diagnostic? Find(ConversionPlan plan, Costs source, Costs converted)
    {
        var (dearer, larger) = (converted.Whole.Macs > source.Whole.Macs && converted.Whole.Uncounted <= source.Whole.Uncounted,
            converted.Whole.Params > source.Whole.Params);
        if (!dearer && !larger)
            return null;
        var figures = new[]
        {
            larger ? Text(converted.Whole.Params, source.Whole.Params, "parameters") : null,
            dearer ? Text(converted.Whole.Macs, source.Whole.Macs, "multiply-adds") : null,
        };
        var worst = plan.Convs.Where(c => c.Role != ConvRole.Kept)
            .MaxBy(c => dearer ? Growth(c, source.Macs, converted.Macs) : Growth(c, source.Params, converted.Params));
        return new Diagnostic("MSSR5105", Severity.Warning,
            $"the result costs more than the source: {string.Join(" and ", figures.OfType<string>())}.{(worst is null ? "" : $" Most is added at {worst.Node}: {Why(plan, worst)}.")}",
            Hint: "Use fewer branches, or leave such layers out with --keep PATTERN.");
    }

    private static string Text(long now, long before, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{now:N0} {what} instead of {before:N0}");

    // What a layer is made of is named after its conv.
    private static long Growth(ConvDecision conv, IReadOnlyDictionary<string, long> before,
        IReadOnlyDictionary<string, long> after) =>
        after.Where(m => m.Key.StartsWith(PartName.Of(conv.Node.Name, ""), StringComparison.Ordinal)).Sum(m => m.Value)
        - before.GetValueOrDefault(conv.Node.Name);

    private static string Why(ConversionPlan plan, ConvDecision conv)
    {
        var (n, sizes) = (plan.Branches, plan.InputSizes.Multiple);
        if (conv.Node.GetInt("group", 1) > 1 && conv.Role == ConvRole.Interaction)
            return "in a grouped conv every kernel between two scales costs as much as the shared one";
        var side = conv.Role == ConvRole.Fusion ? ConvSite.Of(conv.Node).Input : conv.Node.Output;
        if (plan.Layouts.TryGetValue(side.Name, out var layout) && layout.Concatenated.Any(c => c < 0))
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"its {layout.Concatenated.Count(c => c >= 0)} channels are rounded up to {n} branches of {layout.Width}");
        }

        return string.Create(CultureInfo.InvariantCulture,
            $"its map is padded to a multiple of {sizes} pixels at the input, or its branches are read whole by what stays");
    }
}
