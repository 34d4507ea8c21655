using System.Globalization;
using System.Text;

namespace MsSrConvert.GraphIR.Text;

/// <summary>
/// Prints a model as text: for snapshots, <c>--dump-passes</c> and people. The text is deterministic; it leaves out doc strings
/// and what the IR only carries along.
/// </summary>
public static class IrPrinter
{
    private const int LongestMetadata = 64;

    /// <summary>The whole model as text, lines ended by a line feed.</summary>
    /// <exception cref="MsSrException">External data of a printed tensor can't be read (MSSR1012).</exception>
    public static string Print(Model model)
    {
        var lines = new Lines();
        lines.Add($"model ir_version={model.IrVersion}{Opsets(model.OpsetImports)}");
        if (model.ProducerName.Length > 0)
            lines.Add($"producer {Literals.Quote($"{model.ProducerName} {model.ProducerVersion}".TrimEnd())}");
        foreach (var (key, value) in model.Metadata)
            lines.Add($"metadata {key} = {Literals.Quote(value)}");
        lines.Add();
        lines.Add($"graph {model.Graph.Name}".TrimEnd());
        AddGraph(model.Graph, lines.Indented());
        foreach (var function in model.Functions)
            AddFunction(function, lines);
        return lines.ToString();
    }

    private static string Opsets(OrderedDictionary<string, long> imports) =>
        string.Concat(imports.Select(i => $" {(i.Key.Length > 0 ? i.Key : "opset")}={i.Value}"));

    private static void AddFunction(Function function, Lines lines)
    {
        var overload = function.Overload.Length > 0 ? ":" + function.Overload : "";
        lines.Add();
        lines.Add($"function {function.Domain}::{function.Name}{overload}{Opsets(function.OpsetImports)}");
        foreach (var name in function.Attributes)
            lines.Indented().Add($"attribute {name}");
        foreach (var (name, value) in function.DefaultAttributes)
            lines.Indented().Add($"attribute {name} = {Literals.Attribute(value)}");
        AddGraph(function.Body, lines.Indented());
    }

    private static void AddGraph(Graph graph, Lines lines)
    {
        foreach (var input in graph.Inputs)
            lines.Add($"input {Typed(input)}");
        foreach (var value in graph.Initializers)
            lines.Add($"initializer {Typed(value)} = {Literals.Tensor(value.Initializer!)}{Ties(value)}");
        foreach (var node in graph.Nodes)
            AddNode(node, lines);
        foreach (var output in graph.Outputs)
            lines.Add($"output {output.Name}");
    }

    private static string Ties(Value value) => value.Uses.Count > 1 ? $" x{value.Uses.Count} uses" : "";

    private static void AddNode(Node node, Lines lines)
    {
        var text = new StringBuilder();
        text.AppendJoin(", ", node.Outputs.Select(o => o is null ? "_" : Typed(o)));
        text.Append(" = ").Append(node.IsStandard ? "" : node.Domain + "::").Append(node.OpType);
        text.Append(node.Overload.Length > 0 ? ":" + node.Overload : "");
        text.Append('(').AppendJoin(", ", node.Inputs.Select(i => i?.Name ?? "_")).Append(')');
        if (node.Attributes.Count > 0)
            text.Append(" {").AppendJoin(", ", node.Attributes.Select(a => $"{a.Key}={Literals.Attribute(a.Value)}")).Append('}');
        if (node.Name.Length > 0)
            text.Append(' ').Append(Literals.Quote(node.Name));
        // Exporters put stack traces here; only what fits a line is worth one.
        foreach (var (key, value) in node.Metadata.Where(m => m.Value.Length <= LongestMetadata && !m.Value.Contains('\n')))
            text.Append(CultureInfo.InvariantCulture, $" @{key}={Literals.Quote(value)}");
        lines.Add(text.ToString());
        foreach (var (name, value) in node.Attributes)
            AddSubgraphs(name, value, lines.Indented());
    }

    private static void AddSubgraphs(string name, AttributeValue value, Lines lines)
    {
        IReadOnlyList<Graph> graphs = value switch
        {
            GraphAttribute one => [one.Value],
            GraphsAttribute many => many.Values,
            _ => [],
        };
        foreach (var graph in graphs)
        {
            lines.Add($"{name}: graph {graph.Name}".TrimEnd());
            AddGraph(graph, lines.Indented());
        }
    }

    private static string Typed(Value value) => value.Type is null ? value.Name : $"{value.Name} : {value.Type}";

    private sealed class Lines
    {
        private const string Step = "  ";

        private readonly StringBuilder _text;
        private readonly string _indent;

        public Lines() : this(new StringBuilder(), "")
        {
        }

        private Lines(StringBuilder text, string indent)
        {
            _text = text;
            _indent = indent;
        }

        public Lines Indented() => new(_text, _indent + Step);

        public void Add() => _text.Append('\n');

        public void Add(string line) => _text.Append(_indent).Append(line).Append('\n');

        public override string ToString() => _text.ToString();
    }
}
