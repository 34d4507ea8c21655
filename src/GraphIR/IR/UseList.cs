using System.Collections;

namespace MsSrConvert.GraphIR;

/// <summary>
/// The uses of one value in the order in which they were made. Adding and removing take O(1) whatever their number: a removed use
/// leaves a gap, and the list is closed up when half of it are gaps.
/// </summary>
internal sealed class UseList : IReadOnlyList<Use>
{
    // Below this a search through the list is faster than a table of places, which most values then never need.
    private const int Searched = 8;

    private readonly List<Use?> _slots = [];
    private Dictionary<Use, int>? _places;
    private int _first;
    private int _version;

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public Use this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return _slots.Count - _first == Count ? _slots[_first + index]!.Value : this.Skip(index).First();
        }
    }

    /// <summary>Adds a use at the end.</summary>
    /// <exception cref="InvalidOperationException">The use is there already.</exception>
    public void Add(Use use)
    {
        if (Find(use) >= 0)
            throw new InvalidOperationException($"Input {use.Index} of {use.Node} is among the uses already.");
        _slots.Add(use);
        Count++;
        _version++;
        if (_places is not null)
            _places.Add(use, _slots.Count - 1);
        else if (_slots.Count > Searched)
            TakePlaces();
    }

    /// <summary>Removes a use.</summary>
    /// <exception cref="InvalidOperationException">The use isn't there.</exception>
    public void Remove(Use use)
    {
        var at = Find(use);
        if (at < 0)
            throw new InvalidOperationException($"Input {use.Index} of {use.Node} isn't among the uses.");
        _places?.Remove(use);
        _slots[at] = null;
        Count--;
        _version++;
        while (_first < _slots.Count && _slots[_first] is null)
            _first++;
        if (Count * 2 < _slots.Count)
            CloseUp();
    }

    /// <inheritdoc/>
    public IEnumerator<Use> GetEnumerator()
    {
        var version = _version;
        for (var i = _first; i < _slots.Count; i++)
        {
            if (_slots[i] is not { } use)
                continue;
            yield return use;
            if (version != _version)
                throw new InvalidOperationException("The uses changed while they were enumerated.");
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int Find(Use use) => _places is null ? _slots.IndexOf(use) : _places.GetValueOrDefault(use, -1);

    private void CloseUp()
    {
        _slots.RemoveAll(slot => slot is null);
        _first = 0;
        if (_slots.Count > Searched)
            TakePlaces();
        else
            _places = null;
    }

    private void TakePlaces()
    {
        _places = new Dictionary<Use, int>(_slots.Count);
        for (var i = _first; i < _slots.Count; i++)
        {
            if (_slots[i] is { } use)
                _places.Add(use, i);
        }
    }
}
