using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MsSrConvert.Cli.Output;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Runtime;
using MsSrConvert.Runtime.Benchmarks;
using Spectre.Console;

namespace MsSrConvert.Cli.Commands;

/// <summary><c>bench A B…</c>: times models against each other.</summary>
internal sealed class BenchCommand(CommandConsole console)
{
    private const int LargestSide = 16384;
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    private readonly Argument<FileInfo[]> _models = new("MODEL")
    {
        Description = "The models; the first is what the others are measured by.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<ImageSize[]> _sizes = new("--size")
    {
        Description = "Height and width of the input, e.g. 128 or 96x128; several may be given. [default: 128]",
        HelpName = "HxW",
        AllowMultipleArgumentsPerToken = true,
        CustomParser = Sizes,
    };

    private readonly Option<int> _runs = new("--runs")
    {
        Description = "Timed runs of every model at every size.",
        HelpName = "N",
        DefaultValueFactory = _ => new BenchOptions().Runs,
        CustomParser = result => OptionValues.Within(result, 1, 100_000),
    };

    private readonly Option<int> _warmup = new("--warmup")
    {
        Description = "Runs before those, which aren't timed.",
        HelpName = "N",
        DefaultValueFactory = _ => new BenchOptions().Warmup,
        CustomParser = result => OptionValues.Within(result, 0, 100_000),
    };

    private readonly DeviceInputs _device = new();

    private readonly Option<bool> _json = new("--json") { Description = "Print the result as JSON." };

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandConsole console)
    {
        var bench = new BenchCommand(console);
        var command = new Command("bench", "Time models against each other in turns (A B A B …), beside what they cost on paper.")
        {
            bench._models, bench._sizes, bench._runs, bench._warmup,
        };
        bench._device.AddTo(command);
        command.Options.Add(bench._json);
        command.SetAction(bench.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var options = new BenchOptions
        {
            Runs = parsed.GetValue(_runs),
            Warmup = parsed.GetValue(_warmup),
            Device = _device.Device(parsed),
            Threads = _device.Threads(parsed),
        };
        if (parsed.GetValue(_sizes) is { Length: > 0 } sizes)
            options = options with { Sizes = [.. sizes.Distinct()] };
        var rows = ProgressBar.During(console, show => Bench.Run(
            [.. parsed.GetValue(_models)!.Select(m => m.FullName)], options,
            (model, size) => NormalForm.CostAt(model, size.Height, size.Width, NodeRunner.Run) is var cost
                ? new BenchCost(cost.Params, cost.Macs, cost.Nodes) : null,
            at => show(new ProgressBar.Step(at.Current, at.Share, "", null))));
        if (parsed.GetValue(_json))
            WriteJson(rows, options);
        else
            Print(rows, options);
        return ExitCodes.Ok;
    }

    private void Print(IReadOnlyList<BenchRow> rows, BenchOptions options)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("model");
        foreach (var column in new[] { "input", "median ms", "spread", "ratio", "ideal", "parameters", "multiply-adds", "nodes",
            "peak memory" })
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        var first = true;
        foreach (var size in rows.Chunk(rows.Count / options.Sizes.Count))
        {
            if (!first)
                table.AddEmptyRow();
            first = false;
            foreach (var row in size)
            {
                table.AddRow(Markup.Escape(Path.GetFileName(row.Path)), row.Size.ToString(),
                    row.MedianMs.ToString(row.MedianMs < 10 ? "0.00" : "0.0", Culture),
                    row.Spread.ToString("P1", Culture), row.Ratio.ToString("P1", Culture),
                    row.IdealRatio?.ToString("P1", Culture) ?? "-",
                    row.Cost?.Params.ToString("N0", Culture) ?? "-", row.Cost?.Macs.ToString("N0", Culture) ?? "-",
                    row.Cost?.Nodes.ToString("N0", Culture) ?? "-",
                    row.PeakBytes is { } bytes ? (bytes / 1048576.0).ToString("N0", Culture) + " MB" : "-");
            }
        }

        var tables = console.Tables();
        tables.Write(table);
        var threads = options.Threads == 0 ? "all cores" : string.Create(Culture, $"{options.Threads} threads");
        tables.WriteLine(
            string.Create(Culture,
                $"{options.Device}, {threads}; {options.Runs} runs in turns after {options.Warmup} to warm up. ")
            + "Spread: between the quartiles. Ratio: time against the first model's in the same round (median); ideal: the same of multiply-adds.");
        foreach (var row in rows.Where(r => r.Placement is not null))
            tables.WriteLine($"{Path.GetFileName(row.Path)} at {row.Size}: {row.Placement!.Describe(options.Device)}");
    }

    private void WriteJson(IReadOnlyList<BenchRow> rows, BenchOptions options) => JsonText.Write(console.Out, writer =>
    {
        writer.WriteString("device", options.Device.ToString());
        writer.WriteNumber("threads", options.Threads);
        writer.WriteNumber("runs", options.Runs);
        writer.WriteNumber("warmup", options.Warmup);
        writer.WriteList("models", rows, row =>
        {
            writer.WriteString("path", row.Path);
            writer.WriteNumber("height", row.Size.Height);
            writer.WriteNumber("width", row.Size.Width);
            writer.WriteFigure("params", row.Cost?.Params, 0);
            writer.WriteFigure("macs", row.Cost?.Macs, 0);
            writer.WriteFigure("nodes", row.Cost?.Nodes, 0);
            writer.WriteFigure("median_ms", row.MedianMs, 4);
            writer.WriteFigure("spread", row.Spread, 4);
            writer.WriteFigure("ratio", row.Ratio, 4);
            writer.WriteFigure("ideal_ratio", row.IdealRatio, 4);
            writer.WriteFigure("peak_bytes", row.PeakBytes, 0);
            writer.WriteFigure("nodes_on_processor", row.Placement?.OnProcessor.Count, 0);
            writer.WriteFigure("copies", row.Placement?.Copies, 0);
        });
    });

    private static ImageSize[] Sizes(ArgumentResult result) => [.. result.Tokens.Select(token =>
    {
        var sides = token.Value.Split('x',
            'X').Select(s => int.TryParse(s, NumberStyles.None, Culture, out var n) && n is > 0 and <= LargestSide ? n : 0)
                .ToArray();
        if (sides.Length is 1 or 2 && !sides.Contains(0))
            return new ImageSize(sides[0], sides[^1]);
        result.AddError($"{OptionValues.OptionOf(result)}: '{token.Value}' is not a size such as 128 or 96x128.");
        return default;
    })];
}
