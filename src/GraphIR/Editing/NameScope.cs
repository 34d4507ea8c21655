using System.Globalization;

namespace MsSrConvert.GraphIR.Editing;

/// <summary>Names in use, to make new ones that are unique: a wish that is taken gets a number.</summary>
internal sealed class NameScope
{
    private readonly HashSet<string> _taken;
    private readonly int _firstNumber;

    private NameScope(IEnumerable<string> taken, int firstNumber) => (_taken, _firstNumber) = ([.. taken], firstNumber);

    /// <summary>All value names of a model, nested graphs included. The first that is taken becomes <c>name_1</c>.</summary>
    public static NameScope OfValues(Model model) => new(model.AllGraphs().SelectMany(g => g.Values).Select(v => v.Name), 1);

    /// <summary>All node names of a model, nested graphs included. The first that is taken becomes <c>name_1</c>.</summary>
    public static NameScope OfNodes(Model model) => new(model.Graph.AllNodes.Select(n => n.Name), 1);

    /// <summary>
    /// All names of nodes and values of a graph, nested graphs included: none is used for either. The first that is taken becomes
    /// <c>name_2</c>, the second of its kind.
    /// </summary>
    public static NameScope OfGraph(Graph graph) =>
        new(graph.WithNested().SelectMany(g => g.Values).Select(v => v.Name).Concat(graph.AllNodes.Select(n => n.Name)), 2);

    /// <summary>The wanted name, with a number behind it where it is taken.</summary>
    public string Unique(string wanted)
    {
        var name = wanted;
        for (var i = _firstNumber; !_taken.Add(name); i++)
            name = string.Create(CultureInfo.InvariantCulture, $"{wanted}_{i}");
        return name;
    }
}
