using System.Globalization;
using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using Spectre.Console;

namespace MsSrConvert.Cli.Output;

/// <summary>The before/after table and the plan, for people.</summary>
internal static class ConversionTable
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Prints what a conversion brings.</summary>
    public static void Print(IAnsiConsole console, Converted result)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("");
        foreach (var column in new[] { "source", "converted", "ratio" })
            table.AddColumn(new TableColumn(column).RightAligned());
        var (source, converted) = (result.Source.Cost, result.Cost);
        AddRow(table, "parameters", source.Params, converted.Params);
        AddRow(table, $"multiply-adds at {Sizes(result.CostShapes)}", source.Macs, converted.Macs);
        AddRow(table, "resampled elements", source.Resampled, converted.Resampled);
        AddRow(table, "nodes", source.Nodes, converted.Nodes);
        table.AddRow("smallest input", Side(result.Source.SmallestInput), Side(result.SmallestInput), "");
        console.Write(table);
        console.WriteLine(RoleSummary(result));
    }

    /// <summary>Prints the decision on every conv.</summary>
    public static void PrintPlan(IAnsiConsole console, ConversionPlan plan)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn(new TableColumn("conv").NoWrap());
        table.AddColumn("role");
        table.AddColumn("reason");
        foreach (var conv in plan.Convs)
            table.AddRow(Markup.Escape(conv.Node.Name), RoleName(conv.Role), Markup.Escape(conv.Reason));
        console.Write(table);
    }

    /// <summary>The role as it is written in tables, JSON and metadata.</summary>
    public static string RoleName(ConvRole role) => role.ToString().ToLowerInvariant();

    private static string RoleSummary(Converted result)
    {
        var plan = result.Plan;
        var counts = plan.Convs.CountBy(c => c.Role).ToDictionary();
        var parts = Enum.GetValues<ConvRole>().Where(r => r != ConvRole.Kept).Append(ConvRole.Kept)
            .Select(role => $"{counts.GetValueOrDefault(role).ToString(Culture)} {RoleName(role)}");
        return $"{plan.Convs.Count.ToString(Culture)} convs: {string.Join(", ", parts)} ({result.Share.ToString("P1", Culture)} of the multiply-adds take part, {result.InteractionShare.ToString("P1", Culture)} in interaction layers)\n{plan.Branches.ToString(Culture)} branches, "
            + $"{plan.Options.Interaction.ToString().ToLowerInvariant()} interaction, {SizeNote(plan)}";
    }

    private static string SizeNote(ConversionPlan plan)
    {
        var multiple = plan.InputSizes.Multiple.ToString(Culture);
        return plan.Options.AssumeMultiple
            ? $"height and width must be multiples of {multiple}" : $"any size (padded inside to multiples of {multiple})";
    }

    private static void AddRow(Table table, string name, long source, long converted) => table.AddRow(
        Markup.Escape(name), source.ToString("N0", Culture), converted.ToString("N0", Culture),
        source == 0 ? "-" : ((double)converted / source).ToString("P1", Culture));

    private static string Side(long? side) => side is { } known ? string.Create(Culture, $"{known}×{known}") : "none";

    private static string Sizes(IReadOnlyDictionary<string, Shape> shapes) =>
        string.Join(", ", shapes.Values.Select(s => string.Join('×', s)));
}
