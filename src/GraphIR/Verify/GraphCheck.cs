namespace MsSrConvert.GraphIR.Verify;

/// <summary>Checks one graph that no other encloses, with all graphs nested in it.</summary>
internal sealed class GraphCheck
{
    private readonly List<Violation> _violations;
    private readonly OrderedDictionary<string, long> _opsets;
    private readonly HashSet<string> _functions;
    private readonly Dictionary<Value, HashSet<Use>> _reads = [];
    private readonly List<Value> _values = [];

    /// <summary>Makes a check that adds to <paramref name="violations"/>.</summary>
    /// <param name="violations">Takes what is found.</param>
    /// <param name="opsets">The operator sets that the graph may use.</param>
    /// <param name="functions">The model's functions, which it may call, as domain and name.</param>
    public GraphCheck(List<Violation> violations, OrderedDictionary<string, long> opsets, HashSet<string> functions)
    {
        _violations = violations;
        _opsets = opsets;
        _functions = functions;
    }

    /// <summary>Runs all checks.</summary>
    public void Run(Graph graph)
    {
        CheckGraph(graph, null);
        foreach (var value in _values)
            CheckUses(value);
    }

    private void CheckGraph(Graph graph, Scope? outer)
    {
        var scope = new Scope(outer);
        foreach (var value in graph.Values)
            CheckName(graph, value, scope);
        foreach (var input in graph.Inputs)
            CheckInput(graph, input, scope);
        foreach (var initializer in graph.Initializers)
            CheckInitializer(graph, initializer, scope);
        foreach (var node in graph.Nodes)
            CheckNode(graph, node, scope);
        CheckOutputs(graph, scope);
    }

    private void CheckName(Graph graph, Value value, Scope scope)
    {
        _values.Add(value);
        if (value.Name.Length == 0)
            Report("IR05", $"A value of graph '{graph.Name}' has no name; it comes from {Source(value)}.");
        else if (!scope.Names.Add(value.Name))
            Report("IR05", $"Graph '{graph.Name}' has two values named '{value.Name}'.");
    }

    private void CheckInput(Graph graph, Value input, Scope scope)
    {
        scope.Defined.Add(input);
        if (!input.IsGraphInput)
            Report("IR03", $"'{input.Name}' is listed as an input of graph '{graph.Name}' but isn't marked as one.");
        if (input.Producer is not null)
            Report("IR03", $"'{input.Name}' is an input of graph '{graph.Name}' and an output of {input.Producer}.");
    }

    private void CheckInitializer(Graph graph, Value value, Scope scope)
    {
        scope.Defined.Add(value);
        if (value.Initializer is not { } data)
        {
            Report("IR08", $"Initializer '{value.Name}' of graph '{graph.Name}' has no content.");
            return;
        }

        if (value.Producer is not null)
            Report("IR03", $"'{value.Name}' is an initializer of graph '{graph.Name}' and an output of {value.Producer}.");
        if (TensorCheck.FindMisfit(data) is { } misfit)
            Report("IR08", $"Initializer '{value.Name}' {misfit}.");
        if (value.Type is { } declared && !data.Fits(declared))
        {
            var actual = new TensorType(data.Element, data.Shape);
            Report("IR09", $"Initializer '{value.Name}' is declared {value.Type}, but its data is {actual}.");
        }
    }

    private void CheckNode(Graph graph, Node node, Scope scope)
    {
        if (node.Graph != graph)
            Report("IR01", $"{node} is listed in graph '{graph.Name}' but points to '{node.Graph?.Name ?? "none"}'.");
        CheckOperator(node);
        for (var i = 0; i < node.Inputs.Count; i++)
        {
            if (node.Inputs[i] is not { } value)
                continue;
            if (!_reads.TryGetValue(value, out var reads))
                _reads.Add(value, reads = []);
            reads.Add(new Use(node, i));
            CheckRead(node, value, scope);
        }

        foreach (var attribute in node.Attributes)
            CheckAttribute(node, attribute.Key, attribute.Value);
        foreach (var nested in node.Subgraphs)
            CheckGraph(nested, scope);
        CheckNodeOutputs(node, scope);
    }

    private void CheckOperator(Node node)
    {
        if (node.OpType.Length == 0)
            Report("IR10", $"{node} names no operator.");
        var imported = node.IsStandard
            ? _opsets.ContainsKey("") || _opsets.ContainsKey("ai.onnx")
            : _opsets.ContainsKey(node.Domain);
        if (!imported && !_functions.Contains($"{node.Domain}::{node.OpType}"))
            Report("IR11", $"{node} is of the operator set '{node.Domain}', which isn't imported.");
    }

    private void CheckRead(Node node, Value value, Scope scope)
    {
        for (var at = scope; at is not null; at = at.Outer)
        {
            if (at.Defined.Contains(value))
                return;
            if (at.Names.Contains(value.Name) && at.Outer?.Sees(value) == true)
            {
                Report("IR05", $"{node} reads '{value.Name}' of an enclosing graph, but a nearer value has the same name.");
                return;
            }
        }

        Report("IR04", $"{node} reads '{value.Name}', which is not computed before it.");
    }

    private void CheckAttribute(Node node, string name, AttributeValue attribute)
    {
        IReadOnlyList<TensorData> tensors = attribute switch
        {
            TensorAttribute one => [one.Value],
            TensorsAttribute many => many.Values,
            _ => [],
        };
        foreach (var misfit in tensors.Select(TensorCheck.FindMisfit).OfType<string>())
            Report("IR08", $"A tensor in attribute '{name}' of {node} {misfit}.");
    }

    private void CheckNodeOutputs(Node node, Scope scope)
    {
        for (var i = 0; i < node.Outputs.Count; i++)
        {
            if (node.Outputs[i] is not { } output)
                continue;
            scope.Defined.Add(output);
            if (output.Producer != node || output.OutputIndex != i)
            {
                var claimed = $"output {output.OutputIndex} of {Source(output)}";
                Report("IR03", $"'{output.Name}' is output {i} of {node} but points to {claimed}.");
            }

            if (output.Initializer is not null)
                Report("IR03", $"'{output.Name}' is output {i} of {node} and has constant content.");
        }
    }

    private void CheckOutputs(Graph graph, Scope scope)
    {
        var listed = new Dictionary<Value, int>();
        foreach (var output in graph.Outputs)
            listed[output] = listed.GetValueOrDefault(output) + 1;
        foreach (var (output, times) in listed)
        {
            if (!scope.Defined.Contains(output))
                Report("IR06", $"Output '{output.Name}' of graph '{graph.Name}' is not a value of that graph.");
            else if (output.GraphOutputUses != times)
                Report("IR07", $"Output '{output.Name}' is listed {times} times but counts {output.GraphOutputUses}.");
        }

        foreach (var value in graph.Values.Where(v => v.GraphOutputUses != 0 && !listed.ContainsKey(v)))
            Report("IR07", $"'{value.Name}' counts as output of graph '{graph.Name}' but isn't listed.");
    }

    private void CheckUses(Value value)
    {
        var reads = _reads.GetValueOrDefault(value) ?? [];
        var listed = new HashSet<Use>();
        foreach (var use in value.Uses)
        {
            listed.Add(use);
            if (!reads.Contains(use))
                Report("IR02", $"'{value.Name}' lists input {use.Index} of {use.Node} among its uses, which doesn't read it.");
        }

        foreach (var read in reads.Where(r => !listed.Contains(r)))
            Report("IR02", $"'{value.Name}' is read as input {read.Index} of {read.Node}, which isn't among its uses.");
    }

    private static string Source(Value value) => value.Producer?.ToString() ?? "no node";

    private void Report(string invariant, string message) => _violations.Add(new Violation(invariant, message));

    /// <summary>What a graph's nodes may read: what its graph has defined so far, and likewise of the graphs around it.</summary>
    private sealed class Scope(Scope? outer)
    {
        public Scope? Outer { get; } = outer;

        public HashSet<Value> Defined { get; } = [];

        public HashSet<string> Names { get; } = [];

        public bool Sees(Value value) => Defined.Contains(value) || Outer?.Sees(value) == true;
    }
}
