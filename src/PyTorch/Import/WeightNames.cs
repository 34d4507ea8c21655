using MsSrConvert.GraphIR;
using MsSrConvert.PyTorch.Code;

namespace MsSrConvert.PyTorch.Import;

/// <summary>
/// The names under which a model's weights may come back: their own, those of the PyTorch module, and the names of the nodes that
/// read them with <c>.weight</c> or <c>.bias</c> behind, as tools have it that make a module of every node. What separates words
/// doesn't matter.
/// </summary>
internal sealed class WeightNames
{
    private readonly Dictionary<string, Value?> _values = [];

    public WeightNames(Graph graph)
    {
        foreach (var (value, name) in ParameterNames.Of(graph))
        {
            Add(name, value);
            Add(value.Name, value);
            foreach (var reader in value.Uses.SelectMany(OfReader))
                Add(reader, value);
        }
    }

    /// <summary>
    /// The weight a tensor belongs to under one of its names; null where there is none, or more than one could be meant.
    /// </summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="skipped">How many words, each up to a dot, stand in front of the names.</param>
    public Value? Find(GivenTensor tensor, int skipped) =>
        tensor.OtherNames.Prepend(
            Skip(tensor.Name, skipped)).Select(n => _values.GetValueOrDefault(PythonNames.Identifier(n)))
                .FirstOrDefault(v => v is not null);

    /// <summary>
    /// How many words stand in front of all names that a wrapper has put there (<c>module.</c>, <c>net_g.</c>).
    /// </summary>
    public int Wrappers(IReadOnlyList<GivenTensor> tensors)
    {
        var words = tensors.Count == 0 ? 0 : tensors.Min(t => t.Name.Count(c => c == '.'));
        var shared = Enumerable.Range(1,
            words).TakeWhile(n => tensors.Select(t => t.Name[..^Skip(t.Name, n).Length]).Distinct().Count() == 1);
        return shared.Prepend(0).MaxBy(n => tensors.Count(t => Find(t, n) is not null));
    }

    /// <summary>The names that a module made of a reading node gives to what it reads.</summary>
    public static IEnumerable<string> OfReader(Use use) => use.Index switch
    {
        1 => [$"{use.Node.Name}.weight"],
        2 => [$"{use.Node.Name}.bias"],
        _ => [],
    };

    private static string Skip(string name, int words)
    {
        var at = 0;
        for (; words > 0; words--)
            at = name.IndexOf('.', at) + 1;
        return name[at..];
    }

    private void Add(string name, Value value)
    {
        var key = PythonNames.Identifier(name);
        if (!_values.TryAdd(key, value) && _values[key] != value)
            _values[key] = null;
    }
}
