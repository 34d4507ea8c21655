using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using Xunit;

namespace MsSrConvert.Operators.Tests.Shapes;

/// <summary>Sizes computed in the graph: the content of small integer tensors and scales.</summary>
public sealed class ContentTests
{
    private readonly Model _model = new(new Graph("test"));
    private readonly Value _x;

    public ContentTests()
    {
        _model.OpsetImports[""] = 13;
        _x = Input("x", "n", "3", "h", "w");
    }

    [Fact]
    public void Resize_to_the_size_of_another_value_as_PyTorch_exports_it()
    {
        var other = Input("y", "n", "8", "2*a", "2*b");
        var head = Emit("Slice", Emit("Shape", _x), Ints(0), Ints(2), Ints(0));
        Value Size(int axis) => Unsqueezed(Emit("Gather", Emit("Shape", other), Scalar(axis)));
        var tail = Emit("Concat", [("axis", 0)], Size(2), Size(3));
        var sizes = Emit("Concat", [("axis", 0)], head, Emit("Cast", [("to", (long)ElementType.Int64)], tail));

        AssertShape("[n, 3, 2*a, 2*b]", Emit("Resize", _x, null, null, sizes));
    }

    [Fact]
    public void Sizes_may_be_sums_products_and_quotients()
    {
        var size = Emit("Slice", Emit("Shape", _x), Ints(2), Ints(4));
        var doubled = Emit("Mul", size, Ints(2));

        AssertContent("2*h, 2*w", doubled);
        AssertContent("2*h+1, 2*w-3", Emit("Add", doubled, Ints(1, -3)));
        AssertContent("floor((h)/2), floor((w)/2)", Emit("Div", size, Ints(2)));
        AssertContent("-h, -w", Emit("Neg", size));
        AssertContent("h, w", Emit("Max", size, Ints(0)));
        AssertContent("?, ?", Emit("Min", size, Ints(64)));
        AssertContent("h*w", Emit("ReduceProd", size));
        AssertContent("1, 1", Emit("Greater", size, Ints(0)));
        AssertContent("w, h", Emit("Slice", size, Ints(-1), Ints(long.MinValue), Ints(0), Ints(-1)));
    }

    [Fact]
    public void Padding_to_a_multiple_gives_a_multiple_however_the_remainder_is_spelled()
    {
        var height = Emit("Slice", Emit("Shape", _x), Ints(2), Ints(3));
        var byMod = Emit("Mod", Emit("Neg", height), Ints(8));
        var byDiv = Emit("Sub", Emit("Mul", Emit("Div", Emit("Add", height, Ints(7)), Ints(8)), Ints(8)), height);
        var byModTwice = Emit("Mod", Emit("Sub", Ints(8), Emit("Mod", height, Ints(8))), Ints(8));

        foreach (var missing in new[] { byMod, byDiv, byModTwice })
        {
            var pads = Emit("Concat", [("axis", 0)], Ints(0, 0, 0, 0, 0, 0), missing, Ints(0));
            AssertShape("[n, 3, 8*floor((h+7)/8), w]", Emit("Pad", _x, pads));
        }
    }

    [Fact]
    public void Cropping_the_padded_result_gives_the_size_without_padding()
    {
        var padded = Input("padded", "n", "3", "32*floor((h+7)/8)", "32*floor((w+7)/8)");
        var wanted = Emit("Mul", Emit("Slice", Emit("Shape", _x), Ints(2), Ints(4)), Ints(4));

        AssertShape("[n, 3, 4*h, 4*w]", Emit("Slice", padded, Ints(0, 0), wanted, Ints(2, 3)));
    }

    [Fact]
    public void Scales_computed_from_sizes_give_the_sizes()
    {
        var size = Emit("Cast", [("to", (long)ElementType.Float)], Emit("Slice", Emit("Shape", _x), Ints(2), Ints(4)));
        var enlarged = Emit("Floor", Emit("Mul", size, Floats(1.5f)));
        var scales = Emit("Concat", [("axis", 0)], Floats(1, 1), Emit("Div", enlarged, size));

        AssertShape("[n, 3, floor((h)/2)+h, floor((w)/2)+w]", Emit("Resize", _x, null, scales));
    }

    [Fact]
    public void Constant_ratios_of_sizes_are_numbers()
    {
        var size = Emit("Cast", [("to", (long)ElementType.Float)], Emit("Shape", _x));

        var ratio = Emit("Div", Emit("Mul", size, Floats(3)), Emit("Mul", size, Floats(2)));

        AssertNumbers([1.5, 1.5, 1.5, 1.5], ratio);
        Assert.Null(Infer().NumbersOf(size));
        Assert.Null(Infer().ContentOf(ratio));
    }

    [Fact]
    public void PixelShuffle_spelled_with_computed_reshapes()
    {
        var x = Input("deep", "n", "64", "h", "w");
        var shape = Emit("Shape", x);
        Value Dim(int axis) => Unsqueezed(Emit("Gather", shape, Scalar(axis)));
        var split = Emit("Concat", [("axis", 0)], Dim(0), Emit("Div", Dim(1), Ints(4)), Ints(2, 2), Dim(2), Dim(3));
        var moved = Emit("Transpose", [("perm", new long[] { 0, 1, 4, 2, 5, 3 })], Emit("Reshape", x, split));
        var joined = Emit("Concat", [("axis", 0)], Dim(0), Ints(16), Emit("Mul", Dim(2), Ints(2)), Ints(-1));

        AssertShape("[n, 16, 2*h, 2*w]", Emit("Reshape", moved, joined));
    }

    [Fact]
    public void Expand_with_a_replaced_minus_one()
    {
        var wanted = Emit("Concat", [("axis", 0)], Ints(-1), Emit("Slice", Emit("Shape", _x), Ints(1), Ints(4)));
        var ones = Emit("ConstantOfShape", [("value", new TensorAttribute(TensorData.Of([1L], 1)))], Ints(4));
        var target = Emit("Where", Emit("Equal", wanted, Ints(-1)), ones, wanted);

        AssertShape("[2, 3, h, w]", Emit("Expand", Input("v", "2", "1", "1", "1"), target));
    }

    [Fact]
    public void Constants_of_every_form_have_content()
    {
        Value Constant(string name, AttributeValue value) => Emit("Constant", [(name, value)]);

        AssertContent("5", Constant("value_int", new IntAttribute(5)));
        AssertContent("5, 6", Constant("value_ints", new IntsAttribute([5, 6])));
        AssertContent("7, 8", Constant("value", new TensorAttribute(TensorData.Of([7L, 8], 2))));
        AssertNumbers([0.5], Constant("value_float", new FloatAttribute(0.5f)));
        AssertNumbers([0.5, 2], Constant("value_floats", new FloatsAttribute([0.5f, 2])));
        AssertContent("0, 3, 6", Emit("Range", Scalar(0), Scalar(7), Scalar(3)));
        AssertContent("3*h*n*w", Emit("Size", _x));
    }

    [Fact]
    public void Large_tensors_have_no_content()
    {
        var large = _model.Graph.AddInitializer("large", TensorData.Of(new long[65], 65));
        var small = _model.Graph.AddInitializer("small", TensorData.Of(new long[64], 64));

        Assert.Null(Infer().ContentOf(large));
        Assert.Equal(64, Infer().ContentOf(small)!.Count);
    }

    private ShapeMap Infer() => ShapeInference.Infer(_model);

    private void AssertShape(string expected, Value value) => Assert.Equal(expected, Infer().ShapeOf(value)?.ToString());

    private void AssertContent(string expected, Value value) =>
        Assert.Equal(expected, string.Join(", ", Infer().ContentOf(value)!));

    private void AssertNumbers(double[] expected, Value value) => Assert.Equal(expected, Infer().NumbersOf(value)!);

    private Value Input(string name, params string[] dims)
    {
        var shape = new Shape(dims.Select(d => long.TryParse(d, out var known) ? known : Dim.Parse(d)));
        return _model.Graph.AddInput(new Value(name, new TensorType(ElementType.Float, shape)));
    }

    private Value Emit(string op, params Value?[] inputs) => Emit(op, [], inputs);

    private Value Emit(string op, (string Name, object Value)[] attributes, params Value?[] inputs)
    {
        var node = new Node(op, inputs, [new Value($"v{_model.Graph.Nodes.Count}")]);
        foreach (var (name, value) in attributes)
        {
            node.With(name, value switch
            {
                int i => new IntAttribute(i),
                long l => new IntAttribute(l),
                long[] many => new IntsAttribute(many),
                _ => (AttributeValue)value,
            });
        }

        return _model.Graph.Add(node).Output;
    }

    private Value Unsqueezed(Value scalar) => Emit("Unsqueeze", scalar, Ints(0));

    private Value Ints(params long[] values) => Constant(TensorData.Of(values, values.Length));

    private Value Scalar(long value) => Constant(TensorData.Of([value]));

    private Value Floats(params float[] values) => Constant(TensorData.Of(values, values.Length));

    private Value Constant(TensorData data) => _model.Graph.AddInitializer($"c{_model.Graph.Initializers.Count}", data);
}
