using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Versions;

/// <summary>Walks every node through the changes of its operator between two opsets.</summary>
internal static class OpsetConverter
{
    /// <summary>Converts the whole model, its import and, where needed, its IR version. Returns the number of changes.</summary>
    /// <exception cref="MsSrException">An operator can't be written in the target opset (MSSR2101, MSSR2102).</exception>
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
    /// <exception cref="MsSrException">An operator can't be written in the target opset (MSSR2101, MSSR2102).</exception>
    public static int Convert(Model model, Graph graph, int from, int to, Action<Diagnostic> report)
    {
        var emit = new Emitter(model);
        var shapes = new Lazy<ShapeMap>(() => ShapeInference.Infer(model));
        var changes = 0;
        foreach (var node in graph.WithNested().SelectMany(g => g.Nodes).ToArray())
        {
            if (!node.IsStandard || node.Graph is null)
                continue;
            var step = new RewriteStep(node, from, to, emit, shapes, report);
            changes += to > from ? Up(step) : Down(step);
        }

        return changes;
    }

    private static int Up(RewriteStep step)
    {
        var (node, at, changes) = (step.Node, step.From, 0);
        while (Versions(node).FirstOrDefault(v => v.Opset > at && v.Opset <= step.To) is { } version)
        {
            at = version.Opset;
            if (version.Upgrade is { } upgrade)
            {
                upgrade(step);
                changes = 1;
            }
            else if (version.Breaks)
            {
                throw step.Decline($"{node.OpType} changed its meaning in opset {at}");
            }
        }

        return changes;
    }

    private static int Down(RewriteStep step)
    {
        var (node, at, changes) = (step.Node, step.From, 0);
        while (Versions(node).LastOrDefault(v => v.Opset <= at && v.Opset > step.To) is { } version)
        {
            at = version.Opset - 1;
            CheckTypes(step, version);
            if (version == Versions(node)[0])
            {
                var decompose = OperatorTable.Find(node.OpType)?.Decomposition ?? throw Missing(step, version);
                decompose(step);
                return 1;
            }

            StripDefaults(step, version.Opset);
            if (version.Downgrade is { } downgrade)
            {
                downgrade(step);
                changes = 1;
            }
            else if (version.Breaks)
            {
                throw step.Decline($"{node.OpType} had another meaning before opset {version.Opset}");
            }
        }

        return changes;
    }

    private static IReadOnlyList<OperatorVersion> Versions(Node node) => OperatorTable.Find(node.OpType)?.Versions ?? [];

    // An attribute that came with an opset may be dropped only where it says what was meant before.
    private static void StripDefaults(RewriteStep step, int opset)
    {
        foreach (var rule in OperatorTable.Find(step.Node.OpType)?.FormAt(opset)?.Attributes.Where(a => a.AddedIn == opset) ?? [])
        {
            if (!step.Node.Attributes.TryGetValue(rule.Name, out var value))
                continue;
            if (!rule.SaysNothing(value))
                throw step.Decline($"its attribute '{rule.Name}' has no counterpart before opset {opset}");
            step.Node.Attributes.Remove(rule.Name);
        }
    }

    private static void CheckTypes(RewriteStep step, OperatorVersion version)
    {
        foreach (var value in step.Node.Inputs.Concat(step.Node.Outputs).OfType<Value>())
        {
            var type = value.Tensor?.Element ?? ElementType.Undefined;
            if (type >= ElementType.BFloat16 || version.NewTypes.Contains(type))
                throw step.Decline($"{step.Node.OpType} on {type} came with opset {version.Opset}");
        }
    }

    private static MsSrException Missing(RewriteStep step, OperatorVersion version) => new(new Diagnostic(
        "MSSR2102", Severity.Error,
        $"{step.Node.OpType} came with opset {version.Opset} and can't be written in opset {step.To}.",
        step.Node.ToString(), "Choose a newer opset for the output."));
}
