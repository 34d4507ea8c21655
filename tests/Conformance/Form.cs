using System.Globalization;
using System.Text.RegularExpressions;
using MsSrConvert.GraphIR;
using MsSrConvert.Operators;
using MsSrConvert.Runtime;

namespace MsSrConvert.Conformance;

/// <summary>
/// One use of an operator, as a line of <c>forms.txt</c> describes it, and the cells in which it isn't expected to work.
/// </summary>
/// <param name="Op">The operator.</param>
/// <param name="Opset">The version of the operator set.</param>
/// <param name="Dims">What the first input is like.</param>
/// <param name="Range">The least and largest number in it.</param>
/// <param name="Attributes">The node's attributes as text.</param>
/// <param name="Inputs">The node's inputs as text.</param>
/// <param name="Missing">Why a cell doesn't work, by column.</param>
internal sealed partial record Form(
    string Op, int Opset, long[] Dims, (float Low, float High) Range, string Attributes, string Inputs,
    IReadOnlyDictionary<Column, string> Missing)
{
    private const int DefaultOpset = 13;
    private static readonly long[] Map = [1, 8, 6, 8];

    /// <summary>What tests and tables call it.</summary>
    public string Name { get; } = string.Join(' ',
        new[] { Opset == DefaultOpset ? Op : $"{Op}@{Opset}", Attributes, Inputs == "x" ? "" : $"({Inputs})" }
        .Where(part => part.Length > 0));

    /// <summary>How many outputs the node has.</summary>
    public int Outputs => Attributes.Contains("outputs=", StringComparison.Ordinal)
        ? int.Parse(Stated("outputs"), CultureInfo.InvariantCulture) : 1;

    /// <summary>
    /// Reads a line: <c>Op@opset of 1,8,6,8 in -2..2 | name=value … | x w(8,1,1) i(1,2) f(2) - | column: reason; …</c>. Left out
    /// are opset 13, the shape and range as here, no attributes and the input x alone.
    /// </summary>
    public static Form Parse(string line)
    {
        var parts = line.Split('|', StringSplitOptions.TrimEntries);
        var head = Head().Match(parts[0]);
        if (!head.Success)
            throw new FormatException($"'{line}' is no form");
        var missing = (parts.ElementAtOrDefault(3) ?? "").Split(';',
            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(m => m.Split(": ", 2)).ToDictionary(m => Enum.Parse<Column>(m[0], ignoreCase: true), m => m[1]);
        float Number(string group, float absent) =>
            head.Groups[group].Success ? float.Parse(head.Groups[group].Value, CultureInfo.InvariantCulture) : absent;
        return new Form(head.Groups["op"].Value, (int)Number("opset", DefaultOpset),
            head.Groups["dims"].Success ? Longs(head.Groups["dims"].Value) : Map,
            (Number("low", -2), Number("high", 2)), parts.ElementAtOrDefault(1) ?? "",
            parts.ElementAtOrDefault(2) is { Length: > 0 } inputs ? inputs : "x", missing);
    }

    /// <summary>An empty model of the form's opset.</summary>
    public Model Empty()
    {
        var model = new Model(new Graph("form")) { IrVersion = Opset > 22 ? 11 : Opset > 20 ? 10 : Opset > 18 ? 9 : 8 };
        model.OpsetImports[""] = Opset;
        return model;
    }

    /// <summary>A model of the node alone; results that aren't floats are cast.</summary>
    /// <param name="before">Puts something between the model's input and the node.</param>
    public Model Alone(Func<Graph, Value, Value>? before = null)
    {
        var model = Empty();
        var x = model.Graph.AddInput(new Value("input", new TensorType(ElementType.Float, Shape.Known(Dims))));
        var node = AddNode(model.Graph, before is null ? x : before(model.Graph, x));
        var types = ShapeInference.Infer(model);
        foreach (var output in node.Outputs)
        {
            var element = types.TypeOf(output!)?.Element ?? ElementType.Float;
            var result = element == ElementType.Float ? output!
                : model.Graph.Add(new Node("Cast", [output], [new Value($"{output!.Name}_float")], $"cast_{output.Name}")).With(
                    "to", (long)ElementType.Float).Output;
            result.Type = new TensorType(ElementType.Float, null);
            model.Graph.AddOutput(result);
        }

        return model;
    }

    /// <summary>Adds the node to a graph.</summary>
    public Node AddNode(Graph graph, Value x)
    {
        var inputs = Inputs.Split(' ').Select((text, i) => Input(graph, x, text, i)).ToArray();
        var node = new Node(Op, inputs, Enumerable.Range(0, Outputs).Select(i => new Value($"y{i}")), "node");
        foreach (var attribute in Attributes.Split(' ',
            StringSplitOptions.RemoveEmptyEntries).Where(a => !a.StartsWith("outputs=", StringComparison.Ordinal)))
        {
            node.With(attribute.Split('=')[0], Attribute(attribute.Split('=')[1]));
        }

        return graph.Add(node);
    }

    private string Stated(string attribute) =>
        Attributes.Split(' ').First(a => a.StartsWith($"{attribute}=", StringComparison.Ordinal)).Split('=')[1];

    // x is the first input, y another value as large, - none; w noise, p positive noise, i integers, f floats, n one number,
    // b truth values, g and l computed ones.
    private static Value? Input(Graph graph, Value x, string text, int index)
    {
        if (text is "x" or "-")
            return text == "x" ? x : null;
        if (text == "y")
            return graph.Add(new Node("Sigmoid", [x], [new Value($"other{index}")], $"other{index}")).Output;
        if (text is "g" or "l")
        {
            var bound = graph.AddInitializer($"bound{index}", TensorData.Of([0.3f]));
            return graph.Add(
                new Node(text == "g" ? "Greater" : "Less", [x, bound], [new Value($"truth{index}")], $"truth{index}")).Output;
        }

        var (kind, list) = (text[0], text[2..^1]);
        return graph.AddInitializer($"c{index}", kind switch
        {
            'w' => TensorData.Of(RandomInput.Of((ulong)index, -1, 1, Longs(list)).Data, Longs(list)),
            'p' => TensorData.Of(RandomInput.Of((ulong)index, 0.5f, 1.5f, Longs(list)).Data, Longs(list)),
            'i' => TensorData.Of(Longs(list), Longs(list).Length),
            'f' => TensorData.Of(Floats(list), Floats(list).Length),
            'n' => TensorData.Of(Floats(list)),
            'b' => new TensorData(ElementType.Bool, [Longs(list).Length], Array.ConvertAll(Longs(list), v => (byte)v)),
            _ => throw new FormatException($"'{text}' is no input"),
        });
    }

    private static AttributeValue Attribute(string text) => text switch
    {
        _ when char.IsLetter(text[0]) => new StringAttribute(text),
        _ when text.Contains(',') || text.EndsWith(']') => new IntsAttribute(Longs(text.Trim('[', ']'))),
        _ when text.Contains('.') => new FloatAttribute(float.Parse(text, CultureInfo.InvariantCulture)),
        _ => new IntAttribute(long.Parse(text, CultureInfo.InvariantCulture)),
    };

    private static long[] Longs(string text) =>
        [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(v => long.Parse(v, CultureInfo.InvariantCulture))];

    private static float[] Floats(string text) => [.. text.Split(',').Select(v => float.Parse(v, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"^(?<op>\w+)(@(?<opset>\d+))?( of (?<dims>[\d,]+))?( in (?<low>[-\d.]+?)\.\.(?<high>[-\d.]+))?$")]
    private static partial Regex Head();
}

/// <summary>What an operator must do, a column of the table.</summary>
public enum Column
{
    /// <summary>Shape inference finds the shapes that ONNX Runtime gives.</summary>
    Shapes,
    /// <summary>Between two convs it works on branches, and the network computes the same as before.</summary>
    Branches,
    /// <summary>It is brought to every opset from 13 to 24 and computes the same there.</summary>
    Opsets,
    /// <summary>Calibration has its gradient, which is that of small changes.</summary>
    Gradient,
    /// <summary>TorchSharp gives what ONNX Runtime gives.</summary>
    Training,
    /// <summary>The PyTorch text gives what ONNX Runtime gives.</summary>
    PyTorch,
}
