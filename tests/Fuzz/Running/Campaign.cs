using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using MsSrConvert.Fuzz.Mutations;

namespace MsSrConvert.Fuzz.Running;

/// <summary>A mutant that must not be as it is.</summary>
/// <param name="Number">Its number in the run.</param>
/// <param name="Outcome">What became of it.</param>
internal sealed record Failure(int Number, Outcome Outcome);

/// <summary>What became of a run's mutants.</summary>
/// <param name="Counts">How many of each class there were.</param>
/// <param name="Declined">How many were declined with which message.</param>
/// <param name="Failures">Those that must not be.</param>
internal sealed record Tally(
    IReadOnlyDictionary<OutcomeClass, int> Counts, IReadOnlyDictionary<string, int> Declined, IReadOnlyList<Failure> Failures);

/// <summary>Tries the mutants of a run in child processes.</summary>
/// <param name="settings">Which mutants there are.</param>
internal sealed class Campaign(FuzzSettings settings)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    /// <summary>Tries so many mutants, beginning with number <paramref name="first"/>.</summary>
    /// <param name="first">The first one's number.</param>
    /// <param name="count">How many.</param>
    /// <param name="jobs">How many at a time.</param>
    /// <param name="progress">Told how it goes on, now and then.</param>
    public Tally Run(int first, int count, int jobs, Action<string> progress)
    {
        var outcomes = new ConcurrentDictionary<int, Outcome>();
        var next = first - 1;
        var watch = Stopwatch.StartNew();
        var told = Stopwatch.StartNew();
        Parallel.For(0, jobs, new ParallelOptions { MaxDegreeOfParallelism = jobs }, _ =>
        {
            using var worker = new WorkerProcess(settings.Arguments);
            while (Interlocked.Increment(ref next) is var number && number < first + count)
            {
                var outcome = outcomes[number] = worker.Run(number);
                lock (told)
                {
                    if (outcome.IsFailure)
                        progress($"mutant {number}: {outcome.Class} {outcome.Where}");
                    if (told.Elapsed < Between)
                        continue;
                    told.Restart();
                    progress(Progress(outcomes, count, watch.Elapsed));
                }
            }
        });
        progress(Progress(outcomes, count, watch.Elapsed));
        return Sum(outcomes);
    }

    private static Tally Sum(ConcurrentDictionary<int, Outcome> outcomes) => new(
        Enum.GetValues<OutcomeClass>().ToDictionary(c => c, c => outcomes.Values.Count(o => o.Class == c)),
        outcomes.Values.Where(o => o.Class == OutcomeClass.Declined)
            .GroupBy(o => o.Where).ToDictionary(g => g.Key, g => g.Count()),
        [.. outcomes.Where(o => o.Value.IsFailure).OrderBy(o => o.Key).Select(o => new Failure(o.Key, o.Value))]);

    private static string Progress(ConcurrentDictionary<int, Outcome> outcomes, int count, TimeSpan elapsed) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{outcomes.Count} of {count}, {outcomes.Count / elapsed.TotalSeconds:0.0} a second, " +
            $"{outcomes.Values.Count(o => o.IsFailure)} failures");

    /// <summary>The mutant of that number.</summary>
    public Mutant Make(int number) => Mutant.Make(settings.Models, settings.Seed, number);
}
