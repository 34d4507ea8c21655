using MsSrConvert.GraphIR.Onnx.Wire;

namespace MsSrConvert.GraphIR.Onnx;

/// <summary>Reads one graph: defines its values, then builds its nodes. Graphs nested in it see its values.</summary>
internal sealed class GraphReader
{
    private readonly TensorReader _tensors;
    private readonly AttributeReader _attributes;
    private readonly GraphReader? _outer;
    private readonly string _file;
    private readonly Graph _graph;
    private readonly Dictionary<string, Value> _values = [];
    private readonly HashSet<Value> _declared = [];
    private bool _outOfOrder;

    private GraphReader(string name, TensorReader tensors, string file, GraphReader? outer)
    {
        _graph = new Graph(name);
        _tensors = tensors;
        _attributes = new AttributeReader(tensors, nested => new GraphReader(nested.Name, tensors, file, this).Read(nested));
        _file = file;
        _outer = outer;
    }

    /// <summary>Reads a graph that no other encloses and takes it out of <paramref name="wire"/>.</summary>
    /// <exception cref="MsSrException">The graph or a tensor in it is broken (MSSR1009 to 1013, 1015, 1017).</exception>
    public static Graph Read(GraphProto wire, string name, TensorReader tensors, string file) =>
        new GraphReader(name, tensors, file, null).Read(wire);

    /// <summary>Reads an attribute of something that is not a node: a function's default.</summary>
    public static AttributeValue ReadAttribute(AttributeProto wire, TensorReader tensors, string file) =>
        new GraphReader("", tensors, file, null)._attributes.Read(wire, $"{file}, attribute '{wire.Name}'");

    private Graph Read(GraphProto wire)
    {
        ReadProperties(wire);
        foreach (var input in wire.Input)
            Declare(_graph.AddInput(Define(input.Name, "a graph input")), input);
        ReadInitializers(wire);
        foreach (var node in wire.Node)
        {
            foreach (var output in node.Output.Where(o => o.Length > 0))
                Define(output, $"an output of {Describe(node)}");
        }

        ReadOutputs(wire);
        ReadValueInfos(wire);
        foreach (var node in wire.Node)
            ReadNode(node);
        wire.Input.Clear();
        wire.Node.Clear();
        _graph.Preserved = Leftover.Keep(wire);
        if (_outOfOrder)
            Sort();
        return _graph;
    }

    private void ReadProperties(GraphProto wire)
    {
        if (wire.Name.Length > 0)
            wire.ClearName();
        if (wire.DocString.Length > 0)
        {
            _graph.DocString = wire.DocString;
            wire.ClearDocString();
        }

        Leftover.TakeMetadata(wire.MetadataProps, _graph.Metadata);
    }

    private void ReadInitializers(GraphProto wire)
    {
        foreach (var tensor in wire.Initializer)
        {
            var value = DefineInitializer(tensor.Name);
            tensor.ClearName();
            AddInitializer(value, _tensors.Read(tensor, $"{_file}, initializer '{value.Name}'"));
        }

        foreach (var tensor in wire.SparseInitializer)
        {
            var value = DefineInitializer(tensor.Values?.Name ?? "");
            AddInitializer(value, SparseTensors.Read(tensor, _tensors, $"{_file}, sparse initializer '{value.Name}'"));
        }

        wire.Initializer.Clear();
        wire.SparseInitializer.Clear();
    }

    // A declaration that contradicts the data stays as the file has it: the verifier reports it.
    private void AddInitializer(Value value, TensorData data)
    {
        var declared = value.Type;
        _graph.AddInitializer(value, data);
        value.Type = declared ?? value.Type;
    }

    private Value DefineInitializer(string name) =>
        _values.TryGetValue(name, out var input) && input is { IsGraphInput: true, Initializer: null }
            ? input
            : Define(name, "an initializer");

    private void ReadOutputs(GraphProto wire)
    {
        foreach (var output in wire.Output)
        {
            if (!_values.TryGetValue(output.Name, out var value))
                throw OnnxErrors.Undefined($"{_file}, graph output '{output.Name}'", output.Name);
            _graph.AddOutput(value);
            if (!_declared.Contains(value))
                Declare(value, output);
        }

        wire.Output.Clear();
    }

    // An entry stays in the rest of the graph when it names no value of the graph, repeats the declaration of a graph input or
    // output, or says nothing.
    private void ReadValueInfos(GraphProto wire)
    {
        Leftover.Retain(wire.ValueInfo, info =>
        {
            if (!_values.TryGetValue(info.Name, out var value))
                return true;
            if (_declared.Contains(value))
            {
                value.Type ??= info.Type is null ? null : TypeCodec.Read(info.Type);
                return true;
            }

            if (info.Type is null && info.DocString.Length == 0 && info.MetadataProps.Count == 0)
                return true;
            Declare(value, info);
            return false;
        });
    }

    private void ReadNode(NodeProto wire)
    {
        var where = $"{_file}, node {Describe(wire)}";
        var attributes = new List<(string Name, AttributeValue Value)>();
        foreach (var attribute in wire.Attribute)
            attributes.Add((attribute.Name, _attributes.Read(attribute, where)));
        var node = new Node(
            wire.OpType,
            wire.Input.Select(name => name.Length == 0 ? null : Find(name) ?? throw OnnxErrors.Undefined(where, name)),
            wire.Output.Select(name => name.Length == 0 ? null : _values[name]),
            wire.Name,
            wire.Domain)
        {
            Overload = wire.Overload,
            DocString = wire.DocString,
        };
        foreach (var (name, value) in attributes)
        {
            if (!node.Attributes.TryAdd(name, value))
                throw OnnxErrors.Malformed(where, $"The node has two attributes named '{name}'.");
        }

        Leftover.TakeMetadata(wire.MetadataProps, node.Metadata);
        TakeNodeFields(wire);
        node.Preserved = Leftover.Keep(wire);
        _graph.Add(node);
    }

    private static void TakeNodeFields(NodeProto wire)
    {
        wire.Input.Clear();
        wire.Output.Clear();
        wire.Attribute.Clear();
        wire.ClearOpType();
        if (wire.Name.Length > 0)
            wire.ClearName();
        if (wire.Domain.Length > 0)
            wire.ClearDomain();
        if (wire.Overload.Length > 0)
            wire.ClearOverload();
        if (wire.DocString.Length > 0)
            wire.ClearDocString();
    }

    private Value Define(string name, string role)
    {
        var value = new Value(name);
        if (name.Length == 0)
            throw OnnxErrors.BadName($"{_file}, graph '{_graph.Name}'", $"The name of {role} is empty.");
        if (!_values.TryAdd(name, value))
            throw OnnxErrors.BadName($"{_file}, value '{name}'", $"The name is given twice: to {role} and to a value before it.");
        return value;
    }

    private void Declare(Value value, ValueInfoProto info)
    {
        _declared.Add(value);
        TypeCodec.ReadDeclaration(value, info);
    }

    private Value? Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope._outer)
        {
            if (!scope._values.TryGetValue(name, out var value))
                continue;
            // All outputs are defined before the first node is built, so a value without any source has its node still to come.
            if (value is { Producer: null, IsGraphInput: false, Initializer: null })
                scope._outOfOrder = true;
            return value;
        }

        return null;
    }

    private void Sort()
    {
        if (_graph.Nodes.FirstOrDefault(n => n.Inputs.Any(v => v is not null && n.Outputs.Contains(v))) is { } node)
            throw OnnxErrors.Cycle($"{_file}, node {node}");
        try
        {
            _graph.SortTopologically();
        }
        catch (InvalidOperationException e)
        {
            throw OnnxErrors.Cycle($"{_file}, graph '{_graph.Name}'", e);
        }
    }

    private static string Describe(NodeProto wire) =>
        $"{wire.OpType} '{(wire.Name.Length > 0 ? wire.Name : wire.Output.FirstOrDefault())}'";
}
