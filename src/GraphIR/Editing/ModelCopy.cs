namespace MsSrConvert.GraphIR.Editing;

/// <summary>
/// Copies models, and parts of them: values and nodes are new, the tensors' contents, which nothing changes in place, are shared.
/// </summary>
public static class ModelCopy
{
    /// <summary>A model of its own that holds the same; editing one leaves the other as it is.</summary>
    public static Model Copy(this Model model)
    {
        var copy = Around(new GraphCopier().Copy(model.Graph), model);
        copy.ProducerName = model.ProducerName;
        copy.ProducerVersion = model.ProducerVersion;
        copy.Domain = model.Domain;
        copy.ModelVersion = model.ModelVersion;
        copy.DocString = model.DocString;
        copy.Preserved = model.Preserved;
        copy.Metadata.AddRange(model.Metadata);
        return copy;
    }

    /// <summary>
    /// The part of a model's main graph that computes some values from others, as a model of its own: its inputs are those of the
    /// given values, and of the graph's inputs, that it needs; its outputs are the wanted values. All keep their names.
    /// </summary>
    /// <param name="model">The model; not changed.</param>
    /// <param name="given">True for a value that needn't be computed.</param>
    /// <param name="wanted">The values to compute.</param>
    public static Model Extract(this Model model, Func<Value, bool> given, IEnumerable<Value> wanted)
    {
        var outputs = wanted.Distinct().ToArray();
        var part = Part.Of(given, outputs);
        var (graph, copier) = (new Graph(model.Graph.Name), new GraphCopier());
        foreach (var value in part.Border)
        {
            var copy = new Value(value.Name, value.Type);
            copier.Map(value, value.Initializer is { } data ? graph.AddInitializer(copy, data) : graph.AddInput(copy));
        }

        foreach (var node in model.Graph.Nodes.Where(part.Nodes.Contains))
            graph.Add(copier.Copy(node));
        foreach (var value in outputs)
            graph.AddOutput(copier.Of(value)!);
        return Around(graph, model);
    }

    /// <summary>
    /// Of the given values those that computing the wanted ones takes; a given value that is wanted is one of them.
    /// </summary>
    internal static IReadOnlySet<Value> Needed(Func<Value, bool> given, IEnumerable<Value> wanted) =>
        Part.Of(given, wanted).Border.Where(given).ToHashSet();

    /// <summary>Gives a node the attributes of another one; bodies are copied.</summary>
    internal static Node WithAttributesOf(this Node node, Node source)
    {
        new GraphCopier().CopyAttributes(source, node);
        return node;
    }

    private static Model Around(Graph graph, Model like)
    {
        var model = new Model(graph) { IrVersion = like.IrVersion };
        foreach (var (domain, version) in like.OpsetImports)
            model.OpsetImports[domain] = version;
        model.Functions.AddRange(like.Functions.Select(CopyOf));
        return model;
    }

    private static Function CopyOf(Function function)
    {
        var copy = new Function(function.Domain, function.Name, new GraphCopier().Copy(function.Body))
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

    /// <summary>A part of a graph.</summary>
    /// <param name="Nodes">Its nodes.</param>
    /// <param name="Border">
    /// What it reads and doesn't compute: given values, graph inputs, initializers; in the order they were met.
    /// </param>
    private sealed record Part(HashSet<Node> Nodes, IReadOnlyList<Value> Border)
    {
        public static Part Of(Func<Value, bool> given, IEnumerable<Value> wanted)
        {
            var (nodes, border, seen, work) = (new HashSet<Node>(), new List<Value>(), new HashSet<Value>(),
                new Stack<Value>(wanted));
            while (work.TryPop(out var value))
            {
                if (!seen.Add(value))
                    continue;
                if (value.Producer is not { } producer || given(value))
                {
                    border.Add(value);
                    continue;
                }

                foreach (var input in nodes.Add(producer) ? Reads(producer) : [])
                    work.Push(input);
            }

            return new Part(nodes, border);
        }

        // Bodies read values of the graphs around them; what they define themselves isn't read from outside.
        private static IEnumerable<Value> Reads(Node node)
        {
            var bodies = node.Subgraphs.SelectMany(body => body.WithNested()).ToArray();
            var inner = bodies.SelectMany(body => body.Values).ToHashSet();
            return node.Inputs.Concat(
                bodies.SelectMany(body => body.Nodes).SelectMany(n => n.Inputs)).Concat(bodies.SelectMany(body => body.Outputs))
                .OfType<Value>().Where(value => !inner.Contains(value));
        }
    }
}
