using MsSrConvert.CaseCheck;
using MsSrConvert.GraphIR;

// Runs the shared cases against what is right for each:  case-check FOLDER [NAME…]
var folder = args[0];
var wanted = args.Skip(1).ToArray();
var cases = Case.Read(Path.Combine(AppContext.BaseDirectory, "cases.tsv"))
    .Where(c => wanted.Length == 0 || wanted.Contains(c.Name)).ToArray();
var work = Directory.CreateTempSubdirectory("mssr-cases").FullName;
Row("case", "right is", "n", "today", "", "what is wrong");
var (right, wrong, later) = (0, 0, 0);
try
{
    var runner = new CaseRunner(folder, work);
    foreach (var which in cases)
    {
        if (!which.IsRun)
        {
            later++;
            Row(which.Name, which.Expectation, "", "", "later", "");
            continue;
        }

        foreach (var branches in which.Branches)
        {
            var (outcome, fault) = Run(runner, which, branches);
            var verdict = fault.Length == 0 ? "right" : which.IsLater ? "later" : "WRONG";
            _ = verdict switch { "right" => right++, "later" => later++, _ => wrong++ };
            Row(which.Name, which.Expectation, $"{branches}", outcome, verdict, fault);
        }
    }
}
finally
{
    Directory.Delete(work, recursive: true);
}

Console.WriteLine($"{right} right, {wrong} wrong, {later} later");
return wrong == 0 ? 0 : 1;

// As they come, so that a run that is stopped has told what it found.
static void Row(string name, string expectation, string branches, string outcome, string verdict, string fault) =>
    Console.WriteLine($"{name,-38} {expectation,-9} {branches,1} {outcome,-11} {verdict,-6} {fault}".TrimEnd());

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
