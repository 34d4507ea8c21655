using System.Globalization;
using MsSrConvert.Fuzz.Mutations;

namespace MsSrConvert.Fuzz;

/// <summary>What decides a run's mutants.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Folders">Folders whose models are mutated besides the zoo's networks.</param>
internal sealed record FuzzSettings(int Seed, IReadOnlyList<string> Folders)
{
    private readonly Lazy<IReadOnlyList<SeedModel>> _models = new(() => SeedModel.All(Folders));

    /// <summary>What mutants are made from.</summary>
    public IReadOnlyList<SeedModel> Models => _models.Value;

    /// <summary>The program's arguments that say the same.</summary>
    public IReadOnlyList<string> Arguments =>
        ["--seed", Seed.ToString(CultureInfo.InvariantCulture), .. Folders.SelectMany(f => new[] { "--models", f })];

    /// <summary>How one mutant is tried again.</summary>
    public string Command(int number) => string.Create(CultureInfo.InvariantCulture,
        $"dotnet run --project tests/Fuzz -- {string.Join(' ', Arguments)} --first {number} --count 1 --output fuzz-failures");
}
