using System.Runtime.CompilerServices;
using System.Text;
using MsSrConvert.Calibration.Gradients;
using MsSrConvert.GraphIR;
using MsSrConvert.Operators;
using MsSrConvert.PyTorch.Operators;
using MsSrConvert.Training.Operators;
using Xunit;

namespace MsSrConvert.Conformance;

/// <summary><c>docs/operators.md</c> is printed from the forms that the suite checks.</summary>
public class DocumentationTests
{
    private const string Variable = "MSSR_PRINT_DOCS";

    private static readonly string[] Heading =
    [
        "# Operators",
        "",
        "Which ONNX operators work where. This page is printed from `tests/Conformance/forms.txt`, whose every cell is a test;",
        $"`{Variable}=1 dotnet test tests/Conformance` prints it anew.",
        "",
        "- **shapes**: shape inference finds the output's shape.",
        "- **branches**: between two convs the operator works on every branch; else the convs around it stay as they are.",
        "- **opsets**: it is written in every opset from 13 to 24.",
        "- **gradient**: calibration's sweeps pass through it.",
        "- **training**: `mssr-train` trains through it.",
        "- **PyTorch**: `export-pytorch` writes it.",
        "",
        $"Of ONNX Runtime's own set, `{OperatorTable.RuntimeDomain}`, a conversion writes in these operators: "
            + $"{string.Join(", ", OperatorTable.OfRuntime.Select(o => o.Name).Order(StringComparer.Ordinal))}.",
        "",
        "*decomposed* means that the back end has no code of its own for the operator, but for those it consists of; *partly* that",
        "some forms don't work, which are listed below with the reason.",
        "",
        "| operator | shapes | branches | opsets | gradient | training | PyTorch |",
        "|---|---|---|---|---|---|---|",
    ];

    [Fact]
    public void The_page_of_operators_says_what_the_suite_checks()
    {
        var path = Path.Combine(Root(), "docs", "operators.md");
        var page = Page();
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 })
            File.WriteAllText(path, page);
        Assert.True(File.Exists(path) && File.ReadAllText(path) == page,
            $"docs/operators.md isn't up to date: {Variable}=1 prints it anew.");
    }

    private static string Page()
    {
        var page = new StringBuilder();
        foreach (var line in Heading)
            page.Append(line).Append('\n');
        foreach (var forms in FormTable.Forms.GroupBy(f => f.Op).OrderBy(g => g.Key, StringComparer.OrdinalIgnoreCase))
        {
            page.Append(
                $"| {forms.Key} | {string.Join(" | ", Enum.GetValues<Column>().Select(column => Cell([.. forms], column)))} |\n");
        }

        page.Append("\n## What doesn't work\n\n");
        foreach (var form in FormTable.Forms.Where(f => f.Missing.Count > 0).OrderBy(f => f.Op, StringComparer.OrdinalIgnoreCase))
            page.Append($"- `{form.Name}`: {string.Join("; ", form.Missing.Select(m => $"{Title(m.Key)}: {m.Value}"))}\n");
        page.Append("\n## Left out\n\nOperators without a place in a network that makes an image of an image:\n\n");
        foreach (var (reason, operators) in FormTable.Elsewhere)
            page.Append($"- {string.Join(", ", operators)}: {reason}\n");
        return page.ToString();
    }

    private static string Title(Column column) => column == Column.PyTorch ? "PyTorch" : column.ToString().ToLowerInvariant();

    private static string Cell(Form[] forms, Column column)
    {
        var working = forms.Where(f => !f.Missing.ContainsKey(column)).ToArray();
        if (working.Length < forms.Length)
            return working.Length == 0 ? "no" : "partly";
        return working.Any(f => !HasOwn(f, column)) ? "decomposed" : "yes";
    }

    private static bool HasOwn(Form form, Column column)
    {
        Node Alone() => form.Alone().Graph.Nodes.First(n => n.Name == "node");
        return column switch
        {
            Column.Gradient => GradientBuilder.Knows(Alone()),
            Column.Training => TorchOperators.Standard.Knows(Alone()),
            Column.PyTorch => PythonOperators.Knows(Alone(), form.Opset),
            _ => true,
        };
    }

    private static string Root([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
}
