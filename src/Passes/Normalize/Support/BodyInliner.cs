using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;

namespace MsSrConvert.Passes.Normalize.Support;

/// <summary>Copies bodies, of functions or of the branch an If takes, into the place of the node that calls for them.</summary>
internal sealed class BodyInliner
{
    private readonly Model _model;
    private readonly NameScope _values;
    private readonly NameScope _nodes;
    private readonly Dictionary<Value, Value> _constants = [];

    public BodyInliner(Model model)
    {
        _model = model;
        _values = NameScope.OfValues(model);
        _nodes = NameScope.OfNodes(model);
    }

    /// <summary>Replaces a call by the function's body and returns the new nodes, nested ones included, in order.</summary>
    public IReadOnlyList<Node> Inline(Node call, Function function) => Inline(call, function.Body, function);

    /// <summary>Replaces an If by one of its branches and returns the new nodes, nested ones included, in order.</summary>
    public IReadOnlyList<Node> Inline(Node call, Graph branch) => Inline(call, branch, null);

    private List<Node> Inline(Node call, Graph body, Function? function)
    {
        var graph = call.Graph!;
        var map = new Dictionary<Value, Value?>();
        for (var i = 0; i < body.Inputs.Count; i++)
            map[body.Inputs[i]] = call.Input(i);
        foreach (var constant in body.Initializers)
            map[constant] = Shared(constant);
        var copies = ClaimOutputs(call, body, map);
        var scope = new CallScope(call, function, map);
        var added = new List<Node>();
        foreach (var node in body.Nodes)
            added.Add(graph.Add(Copy(node, scope), call));
        foreach (var (inner, outer) in copies)
            added.Add(graph.Add(new Node("Identity", [map.GetValueOrDefault(inner, inner)], [outer], _nodes.Unique($"{scope.Prefix}/{inner.Name}")) { MadeFor = call.ToString() }, call));
        graph.Remove(call);
        return [.. added.SelectMany(n => n.Subgraphs.SelectMany(g => g.AllNodes).Prepend(n))];
    }

    // The call's outputs are computed by the copied nodes themselves; what a body merely hands on goes through an Identity.
    private static List<(Value Inner, Value Outer)> ClaimOutputs(Node call, Graph body, Dictionary<Value, Value?> map)
    {
        var copies = new List<(Value, Value)>();
        for (var i = 0; i < Math.Min(body.Outputs.Count, call.Outputs.Count); i++)
        {
            if (call.Outputs[i] is not { } outer)
                continue;
            call.SetOutput(i, null);
            if (body.Outputs[i].Producer?.Graph != body || !map.TryAdd(body.Outputs[i], outer))
                copies.Add((body.Outputs[i], outer));
        }

        return copies;
    }

    private Value Shared(Value constant)
    {
        if (!_constants.TryGetValue(constant, out var shared))
        {
            shared = _model.Graph.AddInitializer(_values.Unique(constant.Name), constant.Initializer!);
            _constants[constant] = shared;
        }

        return shared;
    }

    private Node Copy(Node node, CallScope scope)
    {
        var inputs = node.Inputs.Select(v => v is null ? null : scope.Map.GetValueOrDefault(v, v)).ToArray();
        var outputs = node.Outputs.Select(v => v is null ? null : NewValue(v, scope)).ToArray();
        var copy = new Node(node.OpType, inputs, outputs, _nodes.Unique($"{scope.Prefix}/{node.KnownName()}"), node.Domain)
        {
            Overload = node.Overload,
            DocString = node.DocString,
            Preserved = node.Preserved,
        };
        copy.Metadata.AddRange(node.Metadata);
        foreach (var (name, value) in node.Attributes)
        {
            if (Resolve(value, scope) is { } resolved)
                copy.Attributes[name] = resolved;
        }

        return copy;
    }

    private Value NewValue(Value inner, CallScope scope)
    {
        if (scope.Map.GetValueOrDefault(inner) is { } known)
            return known;
        // A body's declared shapes may belong to another call, so only names are taken over.
        var value = new Value(_values.Unique($"{scope.Prefix}/{inner.Name}")) { DocString = inner.DocString };
        scope.Map[inner] = value;
        return value;
    }

    private AttributeValue? Resolve(AttributeValue value, CallScope scope) => value switch
    {
        ReferenceAttribute reference => scope.Call.Attributes.GetValueOrDefault(reference.AttributeName)
            ?? scope.Function?.DefaultAttributes.GetValueOrDefault(reference.AttributeName),
        GraphAttribute graph => graph with { Value = Copy(graph.Value, scope) },
        GraphsAttribute graphs => graphs with { Values = [.. graphs.Values.Select(g => Copy(g, scope))] },
        _ => value,
    };

    private Graph Copy(Graph graph, CallScope scope)
    {
        var copy = new Graph(graph.Name) { DocString = graph.DocString, Preserved = graph.Preserved };
        copy.Metadata.AddRange(graph.Metadata);
        foreach (var input in graph.Inputs.Where(v => v.Initializer is null))
        {
            var value = copy.AddInput(NewValue(input, scope));
            value.Type = input.Type;
        }

        foreach (var constant in graph.Initializers)
            copy.AddInitializer(NewValue(constant, scope), constant.Initializer!);
        foreach (var node in graph.Nodes)
            copy.Add(Copy(node, scope));
        foreach (var output in graph.Outputs)
        {
            var value = copy.AddOutput(scope.Map.GetValueOrDefault(output, output)!);
            value.Type ??= output.Type;
        }

        return copy;
    }

    private sealed record CallScope(Node Call, Function? Function, Dictionary<Value, Value?> Map)
    {
        public string Prefix { get; } = Call.KnownName();
    }
}
