using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Versions;

/// <summary>Walks every node through the changes of its operator between two opsets.</summary>
internal static class OpsetConverter
{
    /// <summary>Converts the whole model, its import and, where needed, its IR version. Returns the number of changes.</summary>
    /// <exception cref="MsSrException">An operator can't be spelled in the target opset (MSSR2101, MSSR2102).</exception>
    public static int Convert(Model model, int to, Action<Diagnostic> report)
    {
        var from = (int)model.Opset;
        var changes = Convert(model, model.Graph, from, to, report);
        foreach (var function in model.Functions)
            changes += Convert(model, function.Body, from, to, report);
        foreach (var imports in model.Functions.Select(f => f.OpsetImports).Prepend(model.OpsetImports))
        {
            var key = imports.ContainsKey("") || !imports.ContainsKey("ai.onnx") ? "" : "ai.onnx";
            imports[key] = to;
        }

        var needed = Math.Max(IrVersions.ForOpset(to), IrVersions.ForContent(model));
        model.IrVersion = to < from ? Math.Min(model.IrVersion, needed) : Math.Max(model.IrVersion, IrVersions.ForOpset(to));
        return changes + 1;
    }

    /// <summary>Converts one graph and those nested in it; imports stay. Returns the number of changed nodes.</summary>
    /// <exception cref="MsSrException">An operator can't be spelled in the target opset (MSSR2101, MSSR2102).</exception>
    public static int Convert(Model model, Graph graph, int from, int to, Action<Diagnostic> report)
    {
        var emit = new Emitter(model);
        var shapes = new Lazy<ShapeMap>(() => ShapeInference.Infer(model));
        var changes = 0;
        foreach (var node in graph.WithNested().SelectMany(g => g.Nodes).ToArray())
        {
            if (!node.IsStandard || node.Graph is null)
                continue;
            var step = new RespellStep(node, from, to, emit, shapes, report);
            changes += to > from ? Up(step) : Down(step);
        }

        return changes;
    }

    private static int Up(RespellStep step)
    {
        var (node, at, changes) = (step.Node, step.From, 0);
        while (OperatorHistory.NextUp(node.OpType, at, step.To) is { } change)
        {
            at = change.Opset;
            if (UpwardRules.Find(node.OpType, at) is { } rule)
            {
                rule(step);
                changes = 1;
            }
            else if (change.NeedsRule)
            {
                throw step.Decline($"{node.OpType} changed its meaning in opset {at}");
            }
        }

        return changes;
    }

    private static int Down(RespellStep step)
    {
        var (node, at, changes) = (step.Node, step.From, 0);
        while (OperatorHistory.NextDown(node.OpType, at, step.To) is { } change)
        {
            at = change.Opset - 1;
            CheckTypes(step, change.Opset);
            if (change.Opset == OperatorHistory.Introduced(node.OpType))
            {
                var decompose = Decompositions.Find(node.OpType) ?? throw Missing(step);
                decompose(step);
                return 1;
            }

            StripDefaults(step, change.Opset);
            if (DownwardRules.Find(node.OpType, change.Opset) is { } rule)
            {
                rule(step);
                changes = 1;
            }
            else if (change.NeedsRule)
            {
                throw step.Decline($"{node.OpType} had another meaning before opset {change.Opset}");
            }
        }

        return changes;
    }

    // An attribute that came with an opset may be dropped only where it says what was meant before.
    private static void StripDefaults(RespellStep step, int opset)
    {
        foreach (var (name, isDefault) in DownwardRules.AttributesAddedBy(step.Node.OpType, opset))
        {
            if (!step.Node.Attributes.TryGetValue(name, out var value))
                continue;
            if (!isDefault(value))
                throw step.Decline($"its attribute '{name}' has no counterpart before opset {opset}");
            step.Node.Attributes.Remove(name);
        }
    }

    private static void CheckTypes(RespellStep step, int opset)
    {
        foreach (var value in step.Node.Inputs.Concat(step.Node.Outputs).OfType<Value>())
        {
            var type = value.Tensor?.Element ?? ElementType.Undefined;
            var isNew = type >= ElementType.BFloat16 || (opset == 14 && step.Node.OpType is "Add" or "Sub" or "Mul" or "Div" or "Relu"
                && type is ElementType.Int8 or ElementType.Int16 or ElementType.UInt8 or ElementType.UInt16);
            if (isNew)
                throw step.Decline($"{step.Node.OpType} on {type} came with opset {opset}");
        }
    }

    private static MsSrException Missing(RespellStep step) => new(new Diagnostic(
        "MSSR2102", Severity.Error,
        $"{step.Node.OpType} came with opset {OperatorHistory.Introduced(step.Node.OpType)} and can't be spelled in opset {step.To}.",
        step.Node.ToString(), "Choose a newer opset for the output."));
}
