using System.CommandLine;
using MsSrConvert.Fuzz;
using MsSrConvert.Fuzz.Running;

// Mutates models and puts them through the product; scripts/fuzz.sh is how it is meant to be called.
Option<int> seed = new("--seed") { Description = "Chooses the mutants.", DefaultValueFactory = _ => 1 };
Option<string[]> models = new("--models") { Description = "A folder whose models are mutated besides the zoo's networks." };
Option<int> first = new("--first") { Description = "The first mutant's number." };
Option<int> count = new("--count") { Description = "How many mutants.", DefaultValueFactory = _ => 300 };
Option<int> jobs = new("--jobs")
{
    Description = "How many at a time.",
    DefaultValueFactory = _ => Environment.ProcessorCount,
};
Option<string> output = new("--output")
{
    Description = "The folder that failures are written to.",
    DefaultValueFactory = _ => "fuzz-failures",
};
Option<bool> isWorker = new("--worker") { Description = "Be a child process of a run.", Hidden = true };
var command = new RootCommand("Mutates models and puts them through the converter.")
{
    seed, models, first, count, jobs, output, isWorker,
};
command.SetAction(parsed =>
{
    var settings = new FuzzSettings(parsed.GetValue(seed), parsed.GetValue(models) ?? []);
    if (parsed.GetValue(isWorker))
    {
        Worker.Run(settings.Models, settings.Seed);
        return 0;
    }

    var campaign = new Campaign(settings);
    var tally = campaign.Run(parsed.GetValue(first), parsed.GetValue(count), parsed.GetValue(jobs), Console.Error.WriteLine);
    Report.Print(tally, Console.Out);
    Report.Write(campaign, settings, tally, parsed.GetValue(output)!, Console.Out);
    return tally.Failures.Count == 0 ? 0 : 1;
});
return command.Parse(args).Invoke();
