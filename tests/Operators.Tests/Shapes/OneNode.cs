using System.Globalization;
using System.Text.RegularExpressions;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using Xunit;

namespace MsSrConvert.Operators.Tests.Shapes;

/// <summary>
/// A model of one node written as text, so that a rule's test is a line of a table.
/// <para>Inputs, separated by semicolons: <c>[1,3,h,w]</c> a float tensor, <c>int8[2,h]</c> one of another type, <c>?</c> one of
/// unknown rank, <c>w[8,3,3,3]</c> a float initializer, <c>{1,2}</c> and <c>float{1,2}</c> initializers with that content (a
/// vector), <c>5</c> an int64 scalar, <c>shape(h,2*w)</c> the computed shape of a tensor, <c>-</c> an absent input.</para>
/// <para>Attributes, separated by blanks: <c>group=2 pads=1,1,1,1 mode=linear alpha=0.5 strides=[2]</c>.</para>
/// </summary>
internal sealed partial class OneNode
{
    private readonly Dictionary<Value, Shape> _feeds = [];

    public OneNode(long opset, string op, string inputs, string attributes, int outputs)
    {
        Model = new Model(new Graph("test"));
        Model.OpsetImports[""] = opset;
        const StringSplitOptions Tidy = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        var results = Enumerable.Range(0, outputs).Select(i => new Value($"out{i}"));
        Node = new Node(op, inputs.Split(';', Tidy).Select(Input).ToArray(), results, "node");
        foreach (var attribute in attributes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            Node.With(attribute[..attribute.IndexOf('=')], Attribute(attribute[(attribute.IndexOf('=') + 1)..]));
        Model.Graph.Add(Node);
        foreach (var output in Node.Outputs)
            Model.Graph.AddOutput(output!);
    }

    /// <summary>The model.</summary>
    public Model Model { get; }

    /// <summary>The node under test.</summary>
    public Node Node { get; }

    /// <summary>
    /// Checks the types found against the text, and against what ONNX Runtime computes for an even and an odd size (h, w = 12, 10
    /// and 13, 11; n = 1 and 2) unless it can't run the node.
    /// </summary>
    public static void Check(long opset, string op, string inputs, string attributes, string expected, bool runs = true)
    {
        var texts = expected.Split(';', StringSplitOptions.TrimEntries);
        var test = new OneNode(opset, op, inputs, attributes, texts.Length);

        var map = ShapeInference.Infer(test.Model);

        Assert.Equal(expected, string.Join("; ", test.Node.Outputs.Select(o => map.TypeOf(o!)?.ToString() ?? "?")));
        if (runs)
            test.CompareWithOrt(map);
    }

    /// <summary>Compares what was found with what ONNX Runtime computes at both sizes.</summary>
    public void CompareWithOrt(ShapeMap symbolic)
    {
        var sizes = new[] { Symbols(12, 10, 1), Symbols(13, 11, 2) };
        var feeds = Array.ConvertAll(sizes, s => _feeds.ToDictionary(f => f.Key, f => Concrete(f.Value, s)));
        var concrete = Array.ConvertAll(feeds, f => OrtShapes.InferAt(Model, f));

        var actual = OrtShapes.Run(Model, feeds);

        for (var i = 0; i < sizes.Length; i++)
        {
            foreach (var output in Node.Outputs.OfType<Value>())
            {
                var shape = symbolic.ShapeOf(output)!;
                var real = actual[i][output.Name];
                Assert.Equal(shape.Rank, real.Length);
                var known = concrete[i].ShapeOf(output)!;
                for (var axis = 0; axis < real.Length; axis++)
                {
                    var evaluated = shape[axis].Evaluate(sizes[i]);
                    Assert.True(shape[axis].IsUnknown || evaluated == real[axis], $"{shape} isn't {Shape.Known(real)}");
                    Assert.True(known[axis].IsUnknown || known[axis] == real[axis], $"{known} isn't {Shape.Known(real)}");
                }
            }
        }
    }

    /// <summary>Runs the node in ONNX Runtime at one size, whatever is said of its shapes.</summary>
    public void RunInOrt()
    {
        var symbols = Symbols(12, 10, 2);
        OrtShapes.Run(Model, [_feeds.ToDictionary(f => f.Key, f => Concrete(f.Value, symbols))]);
    }

    private static Dictionary<string, long> Symbols(long h, long w, long n) => new() { ["h"] = h, ["w"] = w, ["n"] = n };

    private static long[] Concrete(Shape shape, Dictionary<string, long> symbols) =>
        [.. shape.Select(d => d.Evaluate(symbols)!.Value)];

    private Value? Input(string text, int index)
    {
        var name = $"in{index}";
        var graph = Model.Graph;
        if (text == "-")
            return null;
        if (text == "?")
            return graph.AddInput(new Value(name, new TensorType(ElementType.Float, null)));
        if (long.TryParse(text, CultureInfo.InvariantCulture, out var scalar))
            return graph.AddInitializer(name, TensorData.Of([scalar]));
        var parts = Form().Match(text);
        Assert.True(parts.Success, $"'{text}' is no input");
        var (kind, list) = (parts.Groups[1].Value, parts.Groups[2].Value.Split(',', StringSplitOptions.RemoveEmptyEntries));
        if (text.EndsWith('}'))
        {
            return graph.AddInitializer(name, kind == "float"
                ? TensorData.Of([.. list.Select(v => float.Parse(v, CultureInfo.InvariantCulture))], list.Length)
                : TensorData.Of([.. list.Select(v => long.Parse(v, CultureInfo.InvariantCulture))], list.Length));
        }

        var shape = new Shape(list.Select(Size));
        if (kind == "w")
            return graph.AddInitializer(name, TensorData.Of(new float[shape.ElementCount.Value], shape.ToArray()));
        var element = kind is "" or "shape" ? ElementType.Float : Enum.Parse<ElementType>(kind, ignoreCase: true);
        var value = graph.AddInput(new Value(name, new TensorType(element, shape)));
        _feeds[value] = shape;
        return kind == "shape" ? graph.Add(new Node("Shape", [value], [new Value($"{name}_shape")])).Output : value;
    }

    private static Dim Size(string text) =>
        text == "?" ? Dim.Unknown : long.TryParse(text, CultureInfo.InvariantCulture, out var known) ? known : Dim.Parse(text);

    private static AttributeValue Attribute(string text)
    {
        if (text.StartsWith('[') || (text.Contains(',') && !char.IsLetter(text[0])))
        {
            var list = text.Trim('[', ']').Split(',', StringSplitOptions.RemoveEmptyEntries);
            return list.Any(v => v.Contains('.'))
                ? new FloatsAttribute([.. list.Select(v => float.Parse(v, CultureInfo.InvariantCulture))])
                : new IntsAttribute([.. list.Select(v => long.Parse(v, CultureInfo.InvariantCulture))]);
        }

        if (long.TryParse(text, CultureInfo.InvariantCulture, out var integer))
            return new IntAttribute(integer);
        return float.TryParse(text, CultureInfo.InvariantCulture, out var real)
            ? new FloatAttribute(real)
            : new StringAttribute(text);
    }

    [GeneratedRegex(@"^(\w*)[\[({](.*)[\])}]$")]
    private static partial Regex Form();
}
