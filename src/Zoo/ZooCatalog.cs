using MsSrConvert.GraphIR;
using MsSrConvert.Zoo.Networks;

namespace MsSrConvert.Zoo;

/// <summary>All networks that can be made by name.</summary>
public static class ZooCatalog
{
    private static readonly Lazy<IReadOnlyList<ZooEntry>> All = new(() => [.. SuperResolution()]);

    /// <summary>Every entry: the networks of the literature, then the small ones that show one thing each (<c>wild-…</c>).</summary>
    public static IReadOnlyList<ZooEntry> Entries => All.Value;

    /// <summary>The entry of that name.</summary>
    /// <exception cref="MsSrException">There is none (MSSR3101).</exception>
    public static ZooEntry Find(string name) => Entries.FirstOrDefault(e => e.Name == name)
        ?? throw new MsSrException(new Diagnostic("MSSR3101", Severity.Error, $"The zoo has no network '{name}'.", null, Hint(name)));

    private static string Hint(string name)
    {
        var near = Entries.Select(e => e.Name).Where(n => n.Contains(name, StringComparison.OrdinalIgnoreCase)).ToList();
        var shown = near.Count > 0 ? near : [.. Entries.Select(e => e.Name).Where(n => !n.StartsWith("wild-", StringComparison.Ordinal))];
        return $"It has {string.Join(", ", shown)}.";
    }

    private static IEnumerable<ZooEntry> SuperResolution()
    {
        yield return new("srresnet", "SRResNet as the method's patent has it: 17 residual blocks, no normalisation (after Ledig et al., SRGAN, 2017)",
            seed => SrResNet.Create(seed)) { Outputs = [new(4)] };
    }
}
