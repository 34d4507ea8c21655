using System.Globalization;
using MsSrConvert.GraphIR;
using MsSrConvert.Operators.Versions;
using MsSrConvert.PyTorch.Code;

namespace MsSrConvert.PyTorch;

/// <summary>
/// What the module holds beside its code: a parameter for every weight, a buffer for tensors that training doesn't change, and
/// lists of indices that are part of the code.
/// </summary>
internal sealed class ModuleState
{
    private const int FirstStatistic = 3;
    private readonly IReadOnlyDictionary<Value, string> _names;
    private readonly PythonNames _unique = new();
    private readonly HashSet<Value> _weights;
    private readonly List<Value> _stored;
    private readonly Dictionary<Value, string> _indices = [];

    /// <summary>
    /// Tells the tensors of a model apart; what is trained are the weights of the source, however it is written.
    /// </summary>
    public ModuleState(LoweredModel model)
    {
        var graph = model.Model.Graph;
        _names = ParameterNames.Of(graph);
        foreach (var name in _names.Values)
            _unique.Unique(name);
        var statistics =
            model.Source.Graph.Nodes.Where(n => n.Is("BatchNormalization")).SelectMany(n => n.Inputs.Skip(FirstStatistic))
            .OfType<Value>().Select(v => model[v]).ToHashSet();
        _weights = [.. Weights.Of(model.Source.Graph).Select(v => model[v]).Where(v => !statistics.Contains(v))];
        _stored = [.. graph.Initializers.Where(v => _weights.Contains(v) || statistics.Contains(v))];
    }

    /// <summary>The parameters and buffers whose content stands in the weights file, in the graph's order.</summary>
    public IEnumerable<NamedTensor> Tensors => _stored.Select(v => new NamedTensor(_names[v], v.Initializer!));

    /// <summary>The number of trainable elements.</summary>
    public long Parameters => _weights.Sum(v => v.Initializer!.Count);

    /// <summary>The statements of the constructor that make parameters and buffers.</summary>
    public IEnumerable<string> Declarations => _stored.Select(Declaration).Concat(_indices.Select(i =>
        $"self.register_buffer(\"{i.Value}\", torch.tensor({PythonText.List(i.Key.Initializer!.ToInt64s())}), persistent=False)"));

    /// <summary>A constant as Python: a number that isn't trained as a literal, else an attribute of the module.</summary>
    /// <exception cref="NotInPyTorchException">It isn't a floating-point tensor.</exception>
    public string Expression(Value value)
    {
        if (Number(value) is { } number)
            return PythonText.Of(number);
        if (!_names.TryGetValue(value, out var name))
            throw new NotInPyTorchException($"it computes with the {value.Initializer!.Element} tensor '{value.Name}'");
        if (!_stored.Contains(value))
            _stored.Add(value);
        return $"self.{name}";
    }

    /// <summary>The number that a constant is where it is a single one and not trained; else null.</summary>
    public float? Number(Value? value) =>
        value?.Initializer is { Count: 1 } data && data.Element.IsFloatingPoint()
            && !_weights.Contains(value) ? data.ToFloats()[0] : null;

    /// <summary>A list of indices as an attribute of the module.</summary>
    public string Indices(Value value)
    {
        if (!_indices.TryGetValue(value, out var name))
            _indices[value] = name = _unique.Unique(value.Name);
        return $"self.{name}";
    }

    private string Declaration(Value value)
    {
        var data = value.Initializer!;
        var size = data.Dims.Count == 0
            ? "()" : string.Join(", ", data.Dims.Select(d => d.ToString(CultureInfo.InvariantCulture)));
        var tensor = $"torch.zeros({size}{(data.Element == ElementType.Float ? "" : $", dtype={PythonTypes.Of(data.Element)}")})";
        return _weights.Contains(value)
            ? $"self.{_names[value]} = nn.Parameter({tensor})"
            : $"self.register_buffer(\"{_names[value]}\", {tensor})";
    }
}
