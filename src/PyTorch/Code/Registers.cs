using System.Globalization;

namespace MsSrConvert.PyTorch.Code;

/// <summary>
/// Names local variables as a person would: few letters, used again when their value isn't read any more, so that memory is freed
/// as early as in the graph. Branch i's variables end in _i.
/// </summary>
internal sealed class Registers
{
    private static readonly string[] Letters = ["x", "y", "z", "u", "v", "w", "p", "q", "r", "s"];
    private readonly HashSet<string> _used = [];

    /// <summary>Takes a name for good or until it is freed.</summary>
    public void Take(string name) => _used.Add(name);

    /// <summary>Gives a name back.</summary>
    public void Free(string name) => _used.Remove(name);

    /// <summary>Names for values that are made at once: one letter for all of them where they belong to branches.</summary>
    /// <param name="branches">The branch of each value from 1, or 0 for one that belongs to none.</param>
    public IReadOnlyList<string> Next(IReadOnlyList<int> branches)
    {
        for (var round = 0; ; round++)
        {
            foreach (var letter in Letters)
            {
                var names = branches.Select(b => Name(letter, round, b)).ToArray();
                if (Array.Exists(names, _used.Contains))
                    continue;
                foreach (var name in names)
                    _used.Add(name);
                return names;
            }
        }
    }

    private static string Name(string letter, int round, int branch)
    {
        var stem = round == 0 ? letter : string.Create(CultureInfo.InvariantCulture, $"{letter}{round + 1}");
        return branch == 0 ? stem : string.Create(CultureInfo.InvariantCulture, $"{stem}_{branch}");
    }
}
