namespace MsSrConvert.PyTorch.Sizes;

/// <summary>
/// The statement that reads a value's sizes into variables. Only the sizes that are asked for later are read, so its text is
/// known when everything behind it has been written.
/// </summary>
/// <param name="value">The value as Python.</param>
/// <param name="axes">What its axes are called.</param>
/// <param name="uniqueName">Makes a variable's name of a wish.</param>
internal sealed class SizeLine(string value, IReadOnlyList<string> axes, Func<string, string> uniqueName)
{
    private readonly SortedDictionary<int, string> _names = [];

    /// <summary>The size of one axis.</summary>
    public SizeExpression Axis(int axis) => SizeExpression.Variable(() =>
    {
        if (!_names.TryGetValue(axis, out var name))
            _names[axis] = name = uniqueName(axes[axis]);
        return name;
    });

    /// <summary>The statement, or null where no size is needed.</summary>
    public string? Statement => _names.Count == 0
        ? null
        : $"{string.Join(", ", _names.Values)} = {string.Join(", ", _names.Keys.Select(axis => $"{value}.shape[{axis}]"))}";
}
