using System.Globalization;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.PyTorch.Code;
using MsSrConvert.PyTorch.Sizes;

namespace MsSrConvert.PyTorch;

/// <summary>Writes the body of the module's <c>forward</c>, one statement after the other.</summary>
/// <param name="model">The model.</param>
/// <param name="shapes">Its shapes.</param>
/// <param name="state">What the module holds.</param>
/// <param name="wanted">The values that are read; others get no variable.</param>
internal sealed class ForwardWriter(Model model, ShapeMap shapes, ModuleState state, IReadOnlySet<Value> wanted)
{
    private const int Depth = 2;
    private readonly Registers _registers = new();
    private readonly PythonNames _sizeNames = new();
    private readonly Dictionary<Value, string> _names = [];
    private readonly List<Func<string?>> _lines = [];
    private readonly List<Value> _dying = [];
    private string _comment = "";

    /// <summary>The small integer tensors that are known as lists of numbers.</summary>
    public SizeTable Sizes { get; } = new();

    /// <summary>The helper functions that the statements call.</summary>
    public SortedSet<string> Helpers { get; } = new(StringComparer.Ordinal);

    /// <summary>The model's operator set.</summary>
    public long Opset => model.Opset;

    /// <summary>The statements, indented; complete when everything has been written.</summary>
    public IEnumerable<string> Lines => [.. _lines.Select(line => line()).OfType<string>()];

    /// <summary>A graph input as Python: where it is, new tensors belong.</summary>
    public string AnyInput { get; private set; } = "";

    /// <summary>Names a graph input.</summary>
    public void Input(Value value, string name)
    {
        AnyInput = AnyInput.Length == 0 ? name : AnyInput;
        _names[value] = name;
        _registers.Take(name);
        // Sizes are variables too.
        _sizeNames.Unique(name);
    }

    /// <summary>
    /// Says that nothing reads these values after the next statement, so that its result may take their variables.
    /// </summary>
    public void LastReads(IEnumerable<Value> values) => _dying.AddRange(values);

    /// <summary>A tensor as Python.</summary>
    /// <exception cref="NotInPyTorchException">The value is a list of sizes, or a constant that isn't of floats.</exception>
    public string Tensor(Value value)
    {
        if (_names.TryGetValue(value, out var name))
            return name;
        return value.Initializer is null
            ? throw new NotInPyTorchException($"it computes with the sizes '{value.Name}' as with a tensor")
            : state.Expression(value);
    }

    /// <summary>An input of a node as Python; <c>None</c> where it is absent.</summary>
    public string Argument(Node node, int index) => node.Input(index) is { } value ? Tensor(value) : "None";

    /// <summary>The number that an untrained constant is, or null.</summary>
    public float? Number(Value? value) => state.Number(value);

    /// <summary>A constant list of indices as Python.</summary>
    public string Indices(Value value) => state.Indices(value);

    /// <summary>The shape of a value.</summary>
    /// <exception cref="NotInPyTorchException">Not even the rank is known.</exception>
    public Shape Shape(Value value) =>
        shapes.ShapeOf(value) ?? throw new NotInPyTorchException($"the number of dimensions of '{value.Name}' isn't known");

    /// <summary>The element type of a value, or undefined.</summary>
    public ElementType Element(Value value) => shapes.TypeOf(value)?.Element ?? ElementType.Undefined;

    /// <summary>Writes the statement that computes a node's first output.</summary>
    public void Assign(Node node, string expression) => Assign([node.Output], expression);

    /// <summary>Writes the statement that computes several values at once; those that nobody reads are dropped.</summary>
    public void Assign(IReadOnlyList<Value?> outputs, string expression) =>
        Assign(outputs, [.. outputs.Select(o => o is null ? 0 : Branches.Of(o))], expression);

    /// <summary>Writes the statement that computes the branches of a feature value, finest first.</summary>
    public void AssignBranches(IReadOnlyList<Value> outputs, string expression) =>
        Assign(outputs, [.. Enumerable.Range(1, outputs.Count)], expression);

    /// <summary>Writes the statement that computes a value that isn't partitioned over branches.</summary>
    public void AssignWhole(Value output, string expression) => Assign([output], [0], expression);

    private void Assign(IReadOnlyList<Value?> outputs, IReadOnlyList<int> branches, string expression)
    {
        foreach (var value in _dying)
        {
            if (_names.TryGetValue(value, out var free))
                _registers.Free(free);
        }

        _dying.Clear();
        var read = outputs.Zip(branches).Where(o => o.First is not null && wanted.Contains(o.First)).ToArray();
        // One letter for all branches; values that aren't told apart by their branches are named one by one.
        var together = read.DistinctBy(o => o.Second).Count() == read.Length;
        var names = together
            ? _registers.Next([.. read.Select(o => o.Second)]) : [.. read.SelectMany(o => _registers.Next([o.Second]))];
        for (var i = 0; i < read.Length; i++)
            _names[read[i].First!] = names[i];
        Line(
            $"{string.Join(", ", outputs.Select(o => o is not null && _names.TryGetValue(o, out var name) ? name : "_"))} = {expression}");
    }

    /// <summary>
    /// Makes a value a list of the sizes of another; they are read into variables where later statements use them.
    /// </summary>
    public void ReadSizes(Value value, Value sizes, int first, int end)
    {
        var shape = Shape(value);
        var line = new SizeLine(Tensor(value), AxisNames(shape), name => _sizeNames.Unique(name));
        // The batch is what it is when the module runs, whatever the file was exported with.
        Sizes.Set(sizes, [.. Enumerable.Range(first, end - first).Select(axis =>
            axis == 1 && shape[axis].IsKnown ? SizeExpression.Of(shape[axis].Value) : line.Axis(axis))]);
        _lines.Add(() => line.Statement is { } text ? PythonText.Statement(text, Depth) : null);
    }

    // N,C,H,W, unless the last of four axes is the known one.
    private static string[] AxisNames(Shape shape) => shape.Rank switch
    {
        4 when shape[3].IsKnown && !shape[1].IsKnown => ["batch", "height", "width", "channels"],
        4 => ["batch", "channels", "height", "width"],
        _ => [.. Enumerable.Repeat("size", shape.Rank)],
    };

    /// <summary>Writes a comment, unless it says the same as the one before it.</summary>
    public void Comment(string text)
    {
        if (_comment == text)
            return;
        _comment = text;
        if (text.Length > 0)
            Line($"# {text}");
    }

    /// <summary>Writes a statement.</summary>
    public void Line(string text)
    {
        var line = PythonText.Statement(text, Depth);
        _lines.Add(() => line);
    }

    /// <summary>A whole number as Python.</summary>
    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
