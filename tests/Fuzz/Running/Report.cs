using System.Globalization;

namespace MsSrConvert.Fuzz.Running;

/// <summary>Prints what became of a run, and writes its failures as files.</summary>
internal static class Report
{
    private const int FilesPerCause = 2;
    private const int LongestLine = 300;

    /// <summary>The table of classes and the messages that mutants were declined with.</summary>
    public static void Print(Tally tally, TextWriter to)
    {
        var all = Math.Max(1, tally.Counts.Values.Sum());
        foreach (var (kind, count) in tally.Counts)
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind,-12}{count,8}{100.0 * count / all,8:0.0} %"));
        to.WriteLine("declined with " + string.Join(", ",
            tally.Declined.OrderByDescending(d => d.Value).Select(d => FormattableString.Invariant($"{d.Key} {d.Value}"))));
    }

    /// <summary>Writes the first failures of every cause, shrunk, and prints all causes.</summary>
    public static void Write(Campaign campaign, FuzzSettings settings, Tally tally, string folder, TextWriter to)
    {
        using var worker = new WorkerProcess(settings.Arguments);
        foreach (var cause in tally.Failures.GroupBy(f => (f.Outcome.Class, f.Outcome.Where)).OrderByDescending(c => c.Count()))
        {
            to.WriteLine();
            to.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{cause.Count()} x {cause.Key.Class}: {cause.Key.Where}: mutants " +
                $"{string.Join(' ', cause.Select(f => f.Number).Take(10))}"));
            foreach (var failure in cause.Take(FilesPerCause))
            {
                Directory.CreateDirectory(folder);
                var mutant = campaign.Make(failure.Number);
                var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{settings.Seed}-{failure.Number}"));
                File.WriteAllBytes(path + ".onnx", new Shrinker(worker, failure.Number, failure.Outcome).Shrink(mutant.Bytes));
                File.WriteAllText(path + ".txt",
                    $"{mutant.Model}: {mutant.Changes}\n" +
                    $"{failure.Outcome.Class}: {failure.Outcome.Where}\n{failure.Outcome.Detail}\n");
                to.WriteLine($"  {path}.onnx  {FirstLine(failure.Outcome.Detail)}");
                to.WriteLine($"  {settings.Command(failure.Number)}");
            }
        }
    }

    private static string FirstLine(string text)
    {
        var line = text.Split('\n', 2)[0];
        return line.Length > LongestLine ? line[..LongestLine] : line;
    }
}
