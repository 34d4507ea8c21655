namespace MsSrConvert.GraphIR.Shapes;

/// <summary>Walks a model's nodes in execution order and applies the rule of each.</summary>
internal sealed class ShapeEngine
{
    private readonly Model _model;
    private readonly ShapeMap _map;
    private readonly DeclaredTypes _declared;
    private readonly Func<string, ShapeRule?> _rules;
    private readonly Func<Value, ShapeMap, Shape?>? _replace;

    public ShapeEngine(
        Model model, Func<string, ShapeRule?> rules, ShapeMap map, DeclaredTypes declared, Func<Value, ShapeMap,
        Shape?>? replace = null)
    {
        _model = model;
        _rules = rules;
        _map = map;
        _declared = declared;
        _replace = replace;
    }

    public void Run(IReadOnlyDictionary<Value, Shape>? inputShapes)
    {
        foreach (var input in _model.Graph.Inputs)
        {
            if (inputShapes is not null && inputShapes.TryGetValue(input, out var shape))
                _map.SetType(input, new TensorType(input.Tensor?.Element ?? ElementType.Undefined, shape));
        }

        Walk(_model.Graph);
    }

    private void Walk(Graph graph)
    {
        foreach (var input in graph.Inputs)
        {
            if (input.Initializer is null && _map.TypeOf(input) is null && _declared.Complete(null, input.Tensor) is { } type)
                _map.SetType(input, type);
        }

        foreach (var node in graph.Nodes)
        {
            foreach (var body in node.Subgraphs)
                Walk(body);
            Visit(node);
        }
    }

    private void Visit(Node node)
    {
        var context = new ShapeContext(node, _model.Opset, _map);
        try
        {
            if (node.IsStandard)
                _rules(node.OpType)?.Invoke(context);
        }
        catch (Exception e) when (e is MalformedNodeException or ArithmeticException or ArgumentException
            or InvalidOperationException or IndexOutOfRangeException)
        {
            // Whatever an odd file holds, shapes are only unknown then; the message of the rule's own check is for people.
            context.Forget();
            var why = e is MalformedNodeException ? e.Message : "its attributes and inputs don't fit together";
            _map.Report(new ShapeConflict(node, ConflictKind.Malformed, why));
        }

        for (var i = 0; i < node.Outputs.Count; i++)
        {
            if (node.Outputs[i] is not { } output)
                continue;
            if (_declared.Complete(context.OutputType(i), output.Tensor) is { } type)
                _map.SetType(output, type);
            if (context.OutputContent(i) is { } content)
                _map.SetContent(output, content);
            if (node.Graph == _model.Graph && _replace?.Invoke(output, _map) is { } shape)
                _map.SetType(output, new TensorType(_map.TypeOf(output)?.Element ?? ElementType.Undefined, shape));
        }
    }
}
