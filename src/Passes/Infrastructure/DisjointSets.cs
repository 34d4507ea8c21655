namespace MsSrConvert.Passes.Infrastructure;

/// <summary>Items in sets that are joined (union-find); an item that was never named is a set of its own.</summary>
internal sealed class DisjointSets<T> where T : class
{
    private readonly Dictionary<T, T> _parents = [];

    /// <summary>All items named so far, in the order in which they were.</summary>
    public IReadOnlyCollection<T> Items => _parents.Keys;

    /// <summary>Names an item; false where it was named already.</summary>
    public bool Add(T item) => _parents.TryAdd(item, item);

    /// <summary>True where the item was named.</summary>
    public bool Contains(T item) => _parents.ContainsKey(item);

    /// <summary>The item that stands for its set.</summary>
    public T Root(T item)
    {
        var root = item;
        while (_parents.TryGetValue(root, out var parent) && parent != root)
            root = parent;
        while (item != root)
            (_parents[item], item) = (root, _parents[item]);
        return root;
    }

    /// <summary>Joins two sets; the first one's root stands for both.</summary>
    /// <returns>The root that does no longer, or null where they are one set already.</returns>
    public T? Join(T first, T second)
    {
        Add(first);
        Add(second);
        var (kept, gone) = (Root(first), Root(second));
        if (kept == gone)
            return null;
        _parents[gone] = kept;
        return gone;
    }
}
