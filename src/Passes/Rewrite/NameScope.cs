using System.Globalization;
using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Rewrite;

/// <summary>Gives out names that no node and no value of the graph has yet.</summary>
internal sealed class NameScope
{
    private readonly HashSet<string> _taken;

    public NameScope(Graph graph) => _taken =
    [
        .. graph.Values.Select(v => v.Name),
        .. graph.AllNodes.Select(n => n.Name),
        .. graph.AllNodes.SelectMany(n => n.Subgraphs).SelectMany(g => g.Values).Select(v => v.Name),
    ];

    /// <summary>The wished name, or the first of name_2, name_3 … that is free.</summary>
    public string Unique(string wish)
    {
        var name = wish;
        for (var i = 2; !_taken.Add(name); i++)
            name = string.Create(CultureInfo.InvariantCulture, $"{wish}_{i}");
        return name;
    }
}
