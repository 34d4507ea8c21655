using System.Collections;

namespace MsSrConvert.GraphIR;

/// <summary>
/// Distinct items in an order: adding at the end or in front of an item, removing one and looking for a neighbour take O(1)
/// whatever their number. Access by index is O(1) until the next change.
/// </summary>
internal sealed class Chain<T> : IReadOnlyList<T> where T : class
{
    private readonly LinkedList<T> _items = [];
    private readonly Dictionary<T, LinkedListNode<T>> _links = new(ReferenceEqualityComparer.Instance);
    private T[]? _indexed;

    /// <inheritdoc/>
    public int Count => _items.Count;

    /// <inheritdoc/>
    public T this[int index] => (_indexed ??= [.. _items])[index];

    /// <summary>Adds an item at the end, or in front of <paramref name="before"/>.</summary>
    /// <exception cref="InvalidOperationException">The item is here already, or <paramref name="before"/> isn't.</exception>
    public void Add(T item, T? before = null)
    {
        if (_links.ContainsKey(item))
            throw new InvalidOperationException($"{item} is here already.");
        _links[item] = before is null ? _items.AddLast(item) : _items.AddBefore(Link(before), item);
        _indexed = null;
    }

    /// <summary>Removes an item; false where it isn't here.</summary>
    public bool Remove(T item)
    {
        if (!_links.Remove(item, out var link))
            return false;
        _items.Remove(link);
        _indexed = null;
        return true;
    }

    /// <summary>The item behind another one, or null behind the last.</summary>
    /// <exception cref="InvalidOperationException">The item isn't here.</exception>
    public T? After(T item) => Link(item).Next?.Value;

    /// <summary>Puts the items into another order.</summary>
    /// <param name="order">All of them.</param>
    public void Reorder(IReadOnlyCollection<T> order)
    {
        foreach (var item in order)
        {
            var link = Link(item);
            _items.Remove(link);
            _items.AddLast(link);
        }

        _indexed = null;
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private LinkedListNode<T> Link(T item) =>
        _links.GetValueOrDefault(item) ?? throw new InvalidOperationException($"{item} isn't here.");
}
