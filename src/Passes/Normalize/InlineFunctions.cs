using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Operators.Versions;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize.Support;

namespace MsSrConvert.Passes.Normalize;

/// <summary>Puts the bodies of local functions in the place of their calls and drops the functions.</summary>
/// <remarks>
/// A constant of a function's body becomes one initializer however often the function is called: what the file holds once
/// stays one.
/// </remarks>
public sealed class InlineFunctions : IPass
{
    /// <inheritdoc/>
    public string Name => "inline-functions";

    /// <summary>Rewrites the model in place.</summary>
    /// <exception cref="MsSrException">
    /// A function calls itself (MSSR2106), or uses an operator in a version that can't be brought to the model's opset
    /// (MSSR2101, MSSR2102, MSSR2107).
    /// </exception>
    public PassResult Run(Model model, PassContext context)
    {
        if (model.Functions.Count == 0)
            return new PassResult(0);
        foreach (var function in model.Functions)
        {
            foreach (var graph in function.Body.WithNested())
                LiftConstants.Lift(graph);
            AlignImports(model, function, context);
        }

        var functions = model.Functions.ToDictionary(f => f.Key);
        var changes = functions.Count;
        var inliner = new BodyInliner(model);
        var work = new Stack<(Node Call,
            Function[] Callers)>(model.Graph.AllNodes.Reverse().Select(n => (n, Array.Empty<Function>())));
        while (work.TryPop(out var item))
        {
            if (!functions.TryGetValue(Function.KeyOf(item.Call.Domain, item.Call.OpType, item.Call.Overload), out var function))
                continue;
            if (item.Callers.Contains(function))
            {
                throw new MsSrException(new Diagnostic(
                    "MSSR2106", Severity.Error, $"The function '{function.Name}' calls itself.", item.Call.ToString()));
            }

            Function[] callers = [.. item.Callers, function];
            foreach (var node in inliner.Inline(item.Call, function).Reverse())
                work.Push((node, callers));
            changes++;
        }

        var domains = model.Functions.Select(f => f.Domain).ToHashSet();
        model.Functions.Clear();
        OpsetImports.DropUnused(model, domains);
        return new PassResult(changes);
    }

    // A body may be written against other operator set versions than the model.
    private static void AlignImports(Model model, Function function, PassContext context)
    {
        foreach (var (domain, version) in function.OpsetImports)
        {
            var isStandard = domain is "" or "ai.onnx";
            if (isStandard ? model.Opset == 0 : !model.OpsetImports.ContainsKey(domain))
            {
                model.OpsetImports[domain] = version;
            }
            else if (isStandard && version != model.Opset)
            {
                OpsetConverter.Convert(model, function.Body, (int)version, (int)model.Opset, context.Report);
            }
            else if (!isStandard && version != model.OpsetImports[domain] && function.Body.AllNodes.Any(n => n.Domain == domain))
            {
                throw new MsSrException(new Diagnostic(
                    "MSSR2107", Severity.Error,
                    $"The function uses version {version} of operator set '{domain}', the model version {model.OpsetImports[domain]}.",
                    $"function '{function.Name}'"));
            }
        }
    }
}
