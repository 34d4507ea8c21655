namespace MsSrConvert.GraphIR.Editing;

/// <summary>Names in use, to make new ones that are unique.</summary>
internal sealed class NameScope
{
    private readonly HashSet<string> _taken;

    private NameScope(IEnumerable<string> taken) => _taken = [.. taken];

    /// <summary>All value names of a model, nested graphs included.</summary>
    public static NameScope OfValues(Model model) => new(model.AllGraphs().SelectMany(g => g.Values).Select(v => v.Name));

    /// <summary>All node names of a model, nested graphs included.</summary>
    public static NameScope OfNodes(Model model) => new(model.Graph.AllNodes.Select(n => n.Name));

    /// <summary>The wanted name, with a number behind it where it is taken.</summary>
    public string Unique(string wanted)
    {
        var name = wanted;
        for (var i = 1; !_taken.Add(name); i++)
            name = $"{wanted}_{i}";
        return name;
    }
}
