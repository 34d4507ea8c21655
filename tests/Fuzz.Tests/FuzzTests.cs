using MsSrConvert.Fuzz.Mutations;
using MsSrConvert.Fuzz.Running;
using Xunit;

namespace MsSrConvert.Fuzz.Tests;

/// <summary>A run of mutants that is always the same, and the fuzzer itself.</summary>
public sealed class FuzzTests
{
    private const int Mutants = 300;
    private static readonly FuzzSettings Settings = new(Seed: 1, []);

    [Fact]
    public void No_mutant_breaks_the_converter()
    {
        var tally = new Campaign(Settings).Run(0, Mutants, jobs: 2, _ => { });

        Assert.Equal(Mutants, tally.Counts.Values.Sum());
        // A fuzzer whose mutants are all alike looks at nothing.
        Assert.InRange(tally.Counts[OutcomeClass.Converted], Mutants / 5, Mutants);
        Assert.InRange(tally.Counts[OutcomeClass.Declined], Mutants / 5, Mutants);
        Assert.True(tally.Failures.Count == 0, string.Join('\n',
            tally.Failures.Select(f =>
                $"{f.Outcome.Class} {f.Outcome.Where}\n  {Settings.Command(f.Number)}\n  {f.Outcome.Detail}")));
    }

    [Fact]
    public void A_mutant_is_the_same_wherever_it_is_made()
    {
        var (one, other) = (SeedModel.All([]), SeedModel.All([]));
        for (var number = 0; number < 20; number++)
        {
            var mutant = Mutant.Make(one, 7, number);
            Assert.Equal(mutant.Bytes, Mutant.Make(other, 7, number).Bytes);
            Assert.NotEqual(mutant.Bytes, Mutant.Make(one, 8, number).Bytes);
        }
    }
}
