namespace MsSrConvert.GraphIR.Editing;

/// <summary>Copies models: values and nodes are new, the tensors' contents, which nothing changes in place, are shared.</summary>
public static class ModelCopy
{
    /// <summary>A model of its own that holds the same; editing one leaves the other as it is.</summary>
    public static Model Copy(this Model model)
    {
        var values = new Dictionary<Value, Value>();
        var copy = new Model(CopyOf(model.Graph, values))
        {
            IrVersion = model.IrVersion,
            ProducerName = model.ProducerName,
            ProducerVersion = model.ProducerVersion,
            Domain = model.Domain,
            ModelVersion = model.ModelVersion,
            DocString = model.DocString,
            Preserved = model.Preserved,
        };
        foreach (var (domain, version) in model.OpsetImports)
            copy.OpsetImports[domain] = version;
        copy.Metadata.AddRange(model.Metadata);
        copy.Functions.AddRange(model.Functions.Select(CopyOf));
        return copy;
    }

    private static Function CopyOf(Function function)
    {
        var copy = new Function(function.Domain, function.Name, CopyOf(function.Body, []))
        {
            Overload = function.Overload,
            DocString = function.DocString,
            Preserved = function.Preserved,
        };
        copy.Attributes.AddRange(function.Attributes);
        foreach (var (name, value) in function.DefaultAttributes)
            copy.DefaultAttributes[name] = value;
        foreach (var (domain, version) in function.OpsetImports)
            copy.OpsetImports[domain] = version;
        copy.Metadata.AddRange(function.Metadata);
        return copy;
    }

    private static Graph CopyOf(Graph graph, Dictionary<Value, Value> values)
    {
        var copy = new Graph(graph.Name) { DocString = graph.DocString, Preserved = graph.Preserved };
        copy.Metadata.AddRange(graph.Metadata);
        foreach (var input in graph.Inputs)
            copy.AddInput(Of(input));
        foreach (var constant in graph.Initializers)
            copy.AddInitializer(Of(constant), constant.Initializer!);
        foreach (var node in graph.Nodes)
            copy.Add(CopyOf(node, Of, values));
        foreach (var output in graph.Outputs)
            copy.AddOutput(Of(output));
        return copy;

        Value Of(Value value)
        {
            if (values.TryGetValue(value, out var known))
                return known;
            return values[value] = new Value(value.Name, value.Type) { DocString = value.DocString, Preserved = value.Preserved };
        }
    }

    private static Node CopyOf(Node node, Func<Value, Value> of, Dictionary<Value, Value> values)
    {
        var copy = new Node(node.OpType, node.Inputs.Select(v => v is null ? null : of(v)), node.Outputs.Select(v => v is null ? null : of(v)),
            node.Name, node.Domain)
        {
            Overload = node.Overload,
            DocString = node.DocString,
            Preserved = node.Preserved,
        };
        copy.Metadata.AddRange(node.Metadata);
        foreach (var (name, value) in node.Attributes)
        {
            copy.With(name, value switch
            {
                GraphAttribute one => one with { Value = CopyOf(one.Value, values) },
                GraphsAttribute many => many with { Values = [.. many.Values.Select(body => CopyOf(body, values))] },
                _ => value,
            });
        }

        return copy;
    }
}
