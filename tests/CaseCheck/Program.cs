using MsSrConvert.CaseCheck;
using MsSrConvert.GraphIR;
using Spectre.Console;

// Runs the shared cases against what is right for each:  case-check FOLDER [NAME…]
var folder = args[0];
var wanted = args.Skip(1).ToArray();
var cases = Case.Read(Path.Combine(AppContext.BaseDirectory, "cases.tsv"))
    .Where(c => wanted.Length == 0 || wanted.Contains(c.Name)).ToArray();
var work = Directory.CreateTempSubdirectory("mssr-cases").FullName;
var table = new Table().Border(TableBorder.Simple).AddColumn("case").AddColumn("right").AddColumn("n").AddColumn("today").AddColumn("").AddColumn("what is wrong");
var (right, wrong, later) = (0, 0, 0);
try
{
    var runner = new CaseRunner(folder, work);
    foreach (var which in cases)
    {
        if (!which.IsRun)
        {
            later++;
            table.AddRow(Markup.Escape(which.Name), which.Expectation, "", "", "later", "");
            continue;
        }

        foreach (var branches in which.Branches)
        {
            var (outcome, fault) = Run(runner, which, branches);
            var verdict = fault.Length == 0 ? "right" : which.IsLater ? "later" : "WRONG";
            _ = verdict switch { "right" => right++, "later" => later++, _ => wrong++ };
            table.AddRow(Markup.Escape(which.Name), which.Expectation, $"{branches}", outcome, verdict, Markup.Escape(fault));
        }
    }
}
finally
{
    Directory.Delete(work, recursive: true);
}

var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(Console.Out) });
console.Profile.Width = 200;
console.Write(table);
Console.WriteLine($"{right} right, {wrong} wrong, {later} later");
return wrong == 0 ? 0 : 1;

static (string Outcome, string Wrong) Run(CaseRunner runner, Case which, int branches)
{
    try
    {
        return runner.Run(which, branches);
    }
    catch (MsSrException e)
    {
        return ("", e.Diagnostic.ToString());
    }
}
