using System.Globalization;
using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Operators;
using MsSrConvert.Operators.Versions;
using MsSrConvert.PyTorch.Code;
using MsSrConvert.PyTorch.Layers;
using MsSrConvert.PyTorch.Operators;

namespace MsSrConvert.PyTorch;

/// <summary>
/// Writes a network as a <c>torch.nn.Module</c>: one parameter per weight, however many layers read it, and a <c>forward</c> of
/// plain functions in which the method's layers stand as calls of <c>separation</c>, <c>interaction</c> and <c>fusion</c>.
/// </summary>
public static class PyTorchWriter
{
    private const int MostListed = 5;

    /// <summary>Writes a model whose constants are initializers; the model isn't changed.</summary>
    /// <param name="model">The model; its graph has no local functions.</param>
    /// <param name="name">What the generated files call it.</param>
    /// <exception cref="MsSrException">
    /// Something in the graph can't be said in PyTorch; the nodes are listed (MSSR2501).
    /// </exception>
    public static PyTorchModule Write(Model model, string name)
    {
        var lowered = Lowering.Lower(model, node => PythonOperators.Knows(node, model.Opset));
        var state = new ModuleState(lowered);
        model = lowered.Model;
        var graph = model.Graph;
        var schedule = Schedule.Of(graph);
        var code = new ForwardWriter(model, ShapeInference.Infer(model), state, schedule.Wanted);
        var inputs = Inputs(graph, code);
        WriteSteps(graph, schedule, code);
        WriteReturn(graph, code);
        var text = ModuleText.Compose(
            new ModuleParts(name, Facts(model, state), inputs, graph.Outputs.Count, Channels(graph), LearningRate(model),
                Range(model), state, code));
        return new PyTorchModule(text, [.. state.Tensors], state.Parameters, schedule.Steps.Count(s => s is not NodeStep));
    }

    private static List<string> Inputs(Graph graph, ForwardWriter code)
    {
        var inputs = graph.Inputs.Where(i => i.Initializer is null).ToArray();
        var unique = new PythonNames();
        var names = new List<string>();
        foreach (var input in inputs)
        {
            names.Add(inputs.Length == 1 ? "x" : unique.Unique(input.Name));
            code.Input(input, names[^1]);
        }

        return names;
    }

    // A value's variable is free again at the statement that reads it last, which may put its own result there.
    private static void WriteSteps(Graph graph, Schedule schedule, ForwardWriter code)
    {
        var lastRead = new Dictionary<Value, int>();
        for (var i = 0; i < schedule.Steps.Count; i++)
        {
            foreach (var input in schedule.Steps[i].Inputs)
                lastRead[input] = i;
        }

        foreach (var output in graph.Outputs)
            lastRead.Remove(output);
        var dying = lastRead.ToLookup(l => l.Value, l => l.Key);
        var (refused, unknown) = (new List<string>(), new HashSet<Value>());
        for (var i = 0; i < schedule.Steps.Count; i++)
        {
            var step = schedule.Steps[i];
            code.LastReads(dying[i]);
            try
            {
                // What follows from a node that can't be written isn't worth a message of its own.
                if (!step.Inputs.Any(unknown.Contains))
                    step.Write(code);
                else
                    unknown.UnionWith(step.Outputs);
            }
            catch (NotInPyTorchException e)
            {
                refused.Add(e.Message);
                unknown.UnionWith(step.Outputs);
            }
        }

        if (refused.Count > 0)
            throw Refused(refused);
    }

    private static void WriteReturn(Graph graph, ForwardWriter code)
    {
        try
        {
            code.Line($"return {string.Join(", ", graph.Outputs.Select(code.Tensor))}");
        }
        catch (NotInPyTorchException e)
        {
            throw Refused([$"its outputs: {e.Message}"]);
        }
    }

    private static MsSrException Refused(List<string> reasons)
    {
        var listed = string.Join("; ", reasons.Take(MostListed));
        var more = reasons.Count > MostListed ? $"; and {ForwardWriter.Text(reasons.Count - MostListed)} more" : "";
        return new MsSrException(new Diagnostic("MSSR2501", Severity.Error,
            $"the network can't be written for PyTorch: {listed}{more}.", null,
            "Train the model in ONNX form, or replace these operators in the source."));
    }

    private static IEnumerable<string> Facts(Model model, ModuleState state)
    {
        if (model.GetMetadata(MetadataKeys.Branches) is { } branches)
            yield return $"{PythonNames.Comment(branches)} branches, {PythonNames.Comment(model.GetMetadata(MetadataKeys.Interaction) ?? "?")} interaction";
        yield return $"{state.Parameters.ToString("N0", CultureInfo.InvariantCulture)} trainable parameters; shared kernels are one parameter each";
    }

    // What was fitted to the trained source is close to where it belongs; large steps would throw it off.
    private static string LearningRate(Model model) => model.GetMetadata(MetadataKeys.Calibrated) is null ? "2e-4" : "2e-5";

    // What the network has for white, where the compiler has found out.
    private static string Range(Model model) => model.GetMetadata(MetadataKeys.ImageRange) == "0..255" ? "255.0" : "1.0";

    private static long Channels(Graph graph) =>
        graph.Inputs.FirstOrDefault(i => i.Initializer is null)?.Shape is { Rank: 4 } shape
            && shape[1].IsKnown ? shape[1].Value : 0;
}
