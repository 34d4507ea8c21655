using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Checking;

/// <summary>
/// Checks every node's operands and attributes once, after reading, so that later code can rely on them and nothing reaches ONNX
/// Runtime that it would die of. What ONNX Runtime runs passes; nodes of unknown operators aren't looked at.
/// </summary>
internal sealed class OperandCheck
{
    private const string NothingComputed = "MSSR1033";
    private const string ShapesDontFit = "MSSR1034";
    private const int DeepestCall = 64;

    // Functions that call others twice each multiply; beyond this they are a trap, not a network.
    private const int MostCalls = 10_000;

    // Elements of one tensor: 32 GB of floats, which no network that runs has.
    private const double MostElements = 1L << 33;
    private const string ExportAgain = "The model is damaged or was made wrongly; export it again.";

    private readonly Model _model;
    private readonly string _file;
    private readonly ShapeMap _shapes;
    private readonly List<Diagnostic> _faults = [];
    private int _calls;

    private OperandCheck(Model model, string file)
    {
        _model = model;
        _file = file;
        _shapes = ShapeInference.InferUndeclared(model);
    }

    /// <summary>Checks a model.</summary>
    /// <param name="model">The model, as it was read.</param>
    /// <param name="file">What messages call it.</param>
    /// <exception cref="MsSrException">
    /// A node is described wrongly (MSSR1030 to 1032, 1034), or nothing is computed (MSSR1033).
    /// </exception>
    public static void Run(Model model, string file)
    {
        var check = new OperandCheck(model, file);
        check.CheckGraph();
        if (check._faults is [var first, .. var others])
        {
            throw new MsSrException(
                others.Count == 0 ? first : first with { Hint = $"{others.Count} more of the kind. {first.Hint}" });
        }
    }

    private void CheckGraph()
    {
        if (_model.Graph.Outputs.Count == 0)
        {
            throw new MsSrException(
                new Diagnostic(NothingComputed, Severity.Error, "the model has no outputs.", _file, ExportAgain));
        }

        if (_model.Graph.Nodes.Count == 0)
        {
            throw new MsSrException(
                new Diagnostic(NothingComputed, Severity.Error, "the model has no nodes: it computes nothing.", _file,
                    ExportAgain));
        }

        if (_model.Opset < 1 && _model.Graph.AllNodes.Any(n => n.IsStandard))
            throw OnnxErrors.Incomplete(_file, "doesn't say which version of ONNX's own operators it uses");
        foreach (var node in _model.Graph.AllNodes)
            CheckNode(node, new Scope(_model.Opset, _shapes.TypeOf, _shapes.NumbersOf, new HashSet<Value>(), null, 0));
        foreach (var node in _model.Graph.Nodes)
            CheckSizes(node);
        foreach (var conflict in _shapes.Conflicts
            .Where(c => c.Kind is ConflictKind.Malformed or ConflictKind.Provable && c.Node.Graph == _model.Graph))
        {
            if (_faults.Count == 0)
                Report(new OperandFault(ShapesDontFit, conflict.Message), conflict.Node);
        }
    }

    private void CheckSizes(Node node)
    {
        foreach (var output in node.Outputs.OfType<Value>())
        {
            if (_shapes.ShapeOf(output) is { IsKnown: true } shape
                && shape.Aggregate(1.0, (product, dim) => product * dim.Offset) > MostElements)
            {
                Report(
                    new OperandFault(ShapesDontFit,
                        $"its output '{output.Name}' would be {shape}, more than fits into any memory"), node);
            }
        }
    }

    private void CheckNode(Node node, Scope scope)
    {
        if (Called(node) is { } function)
        {
            if (scope.Depth < DeepestCall && _calls++ < MostCalls)
                CheckCall(node, function, scope);
            return;
        }

        if (OperatorTable.Find(node)?.FormAt(scope.Opset) is not { } description)
            return;
        foreach (var fault in NodeCheck.Run(new NodeOperands(node, description, scope)))
            Report(fault, node);
    }

    private Function? Called(Node node) =>
        _model.Functions.Find(f => f.Domain == node.Domain && f.Name == node.OpType && f.Overload == node.Overload);

    private void CheckCall(Node call, Function function, Scope scope)
    {
        CheckCount("input", call.Inputs.Count, function.Body.Inputs.Count, call);
        CheckCount("output", call.Outputs.Count, function.Body.Outputs.Count, call);
        var inside = Inside(call, function, scope);
        foreach (var node in function.Body.AllNodes)
            CheckNode(node, inside);
    }

    private void CheckCount(string what, int count, int most, Node call)
    {
        if (count > most)
            Report(new OperandFault(NodeOperands.BadCount, $"it has {count} {what}s; the function has {most}"), call);
    }

    // Inside a function constants and what the call hands in are known.
    private static Scope Inside(Node call, Function function, Scope scope)
    {
        var parameters = new Dictionary<string, AttributeValue>(function.DefaultAttributes);
        foreach (var (name, value) in call.Attributes)
        {
            if (value is not ReferenceAttribute reference)
                parameters[name] = value;
            else if (scope.Parameters?.GetValueOrDefault(reference.AttributeName) is { } given)
                parameters[name] = given;
        }

        var arguments = new Dictionary<Value, Value?>();
        for (var i = 0; i < function.Body.Inputs.Count; i++)
            arguments[function.Body.Inputs[i]] = call.Input(i) is { } given && !scope.Absent.Contains(given) ? given : null;
        var opset = function.OpsetImports.TryGetValue("", out var own)
            || function.OpsetImports.TryGetValue("ai.onnx", out own) ? own : scope.Opset;
        return new Scope(
            opset, value => Handed(value) is { } given ? scope.TypeOf(given) : TypeOfConstant(value),
            value => Handed(value) is { } given ? scope.NumbersOf(given) : null,
            arguments.Where(a => a.Value is null).Select(a => a.Key).ToHashSet(), parameters, scope.Depth + 1);

        Value? Handed(Value value) => arguments.GetValueOrDefault(value);
    }

    private static TensorType? TypeOfConstant(Value value) =>
        value.Initializer is { } data ? new TensorType(data.Element, data.Shape) : null;

    private void Report(OperandFault fault, Node node) =>
        _faults.Add(new Diagnostic(fault.Id, Severity.Error, $"{fault.Message}.", $"{_file}, {node}", ExportAgain));
}
