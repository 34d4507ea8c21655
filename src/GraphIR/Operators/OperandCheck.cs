using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.GraphIR.Operators;

/// <summary>
/// Checks every node's operands and attributes once, after reading, so that later code can rely on them and nothing reaches ONNX
/// Runtime that it would die of. What ONNX Runtime runs passes; nodes of other domains aren't looked at.
/// </summary>
internal sealed class OperandCheck
{
    private const string NothingComputed = "MSSR1033";
    private const string ShapesDontFit = "MSSR1034";
    private const int MostCalls = 64;
    private const string ExportAgain = "The model is damaged or was made wrongly; export it again.";

    private readonly Model _model;
    private readonly string _file;
    private readonly ShapeMap _shapes;
    private readonly List<Diagnostic> _faults = [];

    private OperandCheck(Model model, string file)
    {
        _model = model;
        _file = file;
        _shapes = ShapeInference.InferUndeclared(model);
    }

    /// <summary>Checks a model.</summary>
    /// <param name="model">The model, as it was read.</param>
    /// <param name="file">What messages call it.</param>
    /// <exception cref="MsSrException">A node is described wrongly (MSSR1030 to 1032, 1034), or nothing is computed (MSSR1033).</exception>
    public static void Run(Model model, string file)
    {
        var check = new OperandCheck(model, file);
        check.CheckGraph();
        if (check._faults is [var first, .. var others])
            throw new MsSrException(others.Count == 0 ? first : first with { Hint = $"{others.Count} more of the kind. {first.Hint}" });
    }

    private void CheckGraph()
    {
        if (_model.Graph.Outputs.Count == 0)
            throw new MsSrException(new Diagnostic(NothingComputed, Severity.Error, "the model has no outputs.", _file, ExportAgain));
        if (_model.Graph.Nodes.Count == 0)
            throw new MsSrException(new Diagnostic(NothingComputed, Severity.Error, "the model has no nodes: it computes nothing.", _file, ExportAgain));
        foreach (var node in _model.Graph.AllNodes)
            CheckNode(node, _model.Opset, null, 0);
        foreach (var conflict in _shapes.Conflicts.Where(c => c.Kind is ConflictKind.Malformed or ConflictKind.Provable && c.Node.Graph == _model.Graph))
        {
            if (_faults.Count == 0)
                Report(new OperandFault(ShapesDontFit, conflict.Message), conflict.Node);
        }
    }

    private void CheckNode(Node node, long opset, IReadOnlyDictionary<string, AttributeValue>? parameters, int depth)
    {
        if (Called(node) is { } function)
        {
            if (depth < MostCalls)
                CheckCall(node, function, parameters, depth);
            return;
        }

        if (!node.IsStandard || OperatorTable.Find(node.OpType, opset) is not { } description)
            return;
        foreach (var fault in NodeCheck.Run(node, description, depth == 0 ? _shapes.TypeOf : Constants, parameters))
            Report(fault, node);
    }

    // Inside a function only constants are known.
    private static TensorType? Constants(Value value) => value.Initializer is { } data ? new TensorType(data.Element, data.Shape) : null;

    private Function? Called(Node node) =>
        _model.Functions.Find(f => f.Domain == node.Domain && f.Name == node.OpType && f.Overload == node.Overload);

    private void CheckCall(Node call, Function function, IReadOnlyDictionary<string, AttributeValue>? outer, int depth)
    {
        var parameters = new Dictionary<string, AttributeValue>(function.DefaultAttributes);
        foreach (var (name, value) in call.Attributes)
        {
            if (value is not ReferenceAttribute reference)
                parameters[name] = value;
            else if (outer?.GetValueOrDefault(reference.AttributeName) is { } given)
                parameters[name] = given;
        }

        var opset = function.OpsetImports.TryGetValue("", out var own) || function.OpsetImports.TryGetValue("ai.onnx", out own) ? own : _model.Opset;
        foreach (var node in function.Body.AllNodes)
            CheckNode(node, opset, parameters, depth + 1);
    }

    private void Report(OperandFault fault, Node node) =>
        _faults.Add(new Diagnostic(fault.Id, Severity.Error, $"{fault.Message}.", $"{_file}, {node}", ExportAgain));
}
