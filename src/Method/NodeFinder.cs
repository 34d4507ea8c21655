using MsSrConvert.GraphIR;

namespace MsSrConvert.Method;

/// <summary>
/// Finds a graph's convs by the names they were given at the conversion, also where a tool has put something in front of a name
/// or behind it, or written its separators otherwise (<c>/body/conv/same1</c>, <c>net.body.conv.same1.Conv</c>).
/// </summary>
internal sealed class NodeFinder
{
    private readonly Dictionary<string, Node> _exact = [];
    private readonly List<(string Key, Node Node)> _keys = [];
    private readonly Dictionary<string, Node?> _found = [];

    public NodeFinder(Graph graph)
    {
        foreach (var node in graph.Nodes.Where(Convs.IsConv))
        {
            _exact.TryAdd(node.Name, node);
            _keys.Add((Key(node.Name), node));
        }
    }

    /// <summary>The conv, or null where there is none or more than one could be meant.</summary>
    public Node? Find(string name)
    {
        if (_exact.TryGetValue(name, out var node))
            return node;
        if (!_found.TryGetValue(name, out node))
            _found[name] = node = Like(Key(name));
        return node;
    }

    private Node? Like(string key)
    {
        var equal = _keys.Where(k => k.Key == key).Take(2).ToArray();
        var like = equal.Length > 0 ? equal : _keys.Where(k => Contains(k.Key, key)).Take(2).ToArray();
        return like.Length == 1 ? like[0].Node : null;
    }

    // A number must not go on: same1 is not same10.
    private static bool Contains(string text, string key)
    {
        var at = key.Length == 0 ? -1 : text.IndexOf(key, StringComparison.Ordinal);
        return at >= 0
            && (at + key.Length == text.Length || !char.IsAsciiDigit(text[at + key.Length]) || !char.IsAsciiDigit(key[^1]));
    }

    private static string Key(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
