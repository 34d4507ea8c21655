using MsSrConvert.GraphIR;
using Xunit;

namespace MsSrConvert.Operators.Tests.Shapes;

/// <summary>How inferred and declared types come together, in the main graph and in nested ones.</summary>
public sealed class DeclaredTypeTests
{
    private readonly Model _model = new(new Graph("test"));
    private readonly Value _x;

    public DeclaredTypeTests()
    {
        _model.OpsetImports[""] = 17;
        _x = _model.Graph.AddInput(new Value("x", Float("n", "3", "h", "w")));
    }

    [Fact]
    public void What_is_inferred_wins_over_what_is_declared()
    {
        var relu = Emit("Relu", "", Float("n", "5", "height"));

        Assert.Equal("float[n, 3, h, w]", TypeOf(relu));
    }

    [Fact]
    public void What_is_declared_fills_unknown_dimensions_of_the_same_rank()
    {
        var target = _model.Graph.AddInput(new Value("target", Typed(ElementType.Int64, "2")));
        var reshaped = Emit("Reshape", "", Float("n", "q"), target);

        Assert.Equal("float[n, q]", TypeOf(reshaped));
    }

    [Fact]
    public void Operators_without_a_rule_have_the_declared_type()
    {
        Assert.Equal("float[n, q]", TypeOf(Emit("Relu", "my.domain", Float("n", "q"))));
        Assert.Equal("float[n, q]", TypeOf(Emit("NoSuchOperator", "", Float("n", "q"))));
        Assert.Null(ShapeInference.Infer(_model).TypeOf(Emit("Relu", "my.domain", null)));
    }

    [Fact]
    public void Special_input_sizes_reach_the_declared_types()
    {
        var custom = Emit("Scale2", "my.domain", Float("n", "3", "2*h", "floor((w)/2)"));

        var map = ShapeInference.Infer(_model, new Dictionary<Value, Shape> { [_x] = new Shape(1, 3, 10, Dim.Of("b", 8)) });

        Assert.Equal("[1, 3, 20, 4*b]", map.ShapeOf(custom)!.ToString());
        Assert.Equal("[1, 3, 10, 8*b]", map.ShapeOf(_x)!.ToString());
    }

    [Fact]
    public void Input_sizes_other_than_declared_leave_only_the_element_type()
    {
        var custom = Emit("Scale2", "my.domain", Float("n", "3", "6", "8"));

        var map = ShapeInference.Infer(_model, new Dictionary<Value, Shape> { [_x] = Shape.Known(1, 4, 10, 12) });

        Assert.Equal("float[...]", map.TypeOf(custom)!.ToString());
    }

    [Fact]
    public void Infer_changes_nothing_and_Apply_writes_the_types()
    {
        var relu = Emit("Relu", "", null);

        ShapeInference.Infer(_model);
        Assert.Null(relu.Type);

        ShapeInference.Apply(_model);
        Assert.Equal("float[n, 3, h, w]", relu.Type!.ToString());
        Assert.Equal(Float("n", "3", "h", "w"), _x.Type);
    }

    [Fact]
    public void Apply_keeps_what_the_file_says_a_value_means()
    {
        string[] denotations = ["DATA_BATCH", "DATA_CHANNEL", "", ""];
        var relu = Emit("Relu", "", Float("?", "?", "?", "?") with { Denotation = "IMAGE", DimDenotations = denotations });

        ShapeInference.Apply(_model);

        Assert.Equal("IMAGE", relu.Type!.Denotation);
        Assert.Equal(denotations, relu.Tensor!.DimDenotations!);
    }

    [Fact]
    public void Initializers_listed_as_inputs_are_constants()
    {
        var target = new Value("target", Typed(ElementType.Int64, "2"));
        _model.Graph.AddInput(target);
        _model.Graph.AddInitializer(target, TensorData.Of([0L, -1], 2));

        Assert.Equal("float[n, 3*h*w]", TypeOf(Emit("Reshape", "", null, target)));
    }

    [Fact]
    public void If_keeps_what_both_branches_agree_on()
    {
        var condition = _model.Graph.AddInput(new Value("condition", Typed(ElementType.Bool)));
        var result = EmitIf(condition);

        Assert.Equal("float[n, 3, ?, ?]", TypeOf(result));
    }

    [Fact]
    public void If_with_a_known_condition_takes_its_branch()
    {
        var condition = _model.Graph.AddInitializer("condition", new TensorData(ElementType.Bool, [], new byte[] { 1 }));

        Assert.Equal("float[n, 3, 2*h, 2*w]", TypeOf(EmitIf(condition)));
    }

    [Fact]
    public void Loop_gives_element_types_only()
    {
        var body = new Graph("body");
        body.AddInput(new Value("i", Typed(ElementType.Int64)));
        body.AddInput(new Value("go_on", Typed(ElementType.Bool)));
        var state = body.AddInput(new Value("state", Float("n", "3", "h", "w")));
        body.AddOutput(body.Add(new Node("Identity", [body.Inputs[1]], [new Value("still")])).Output);
        body.AddOutput(body.Add(new Node("Relu", [state], [new Value("next")])).Output);
        var node = new Node("Loop", [null, null, _x], [new Value("result")]).With("body", new GraphAttribute(body));
        _model.Graph.Add(node);

        var map = ShapeInference.Infer(_model);

        Assert.Equal("float[...]", map.TypeOf(node.Output)!.ToString());
        Assert.Equal("[n, 3, h, w]", map.ShapeOf(body.Outputs[1])!.ToString());
    }

    private Value EmitIf(Value condition)
    {
        var enlarge = new Graph("enlarge");
        var scales = enlarge.AddInitializer("scales", TensorData.Of([1f, 1, 2, 2], 4));
        enlarge.AddOutput(enlarge.Add(new Node("Resize", [_x, null, scales], [new Value("large")])).Output);
        var keep = new Graph("keep");
        keep.AddOutput(keep.Add(new Node("Relu", [_x], [new Value("same")])).Output);
        return _model.Graph.Add(new Node("If", [condition], [new Value("result")])
            .With("then_branch", new GraphAttribute(enlarge)).With("else_branch", new GraphAttribute(keep))).Output;
    }

    private string? TypeOf(Value value) => ShapeInference.Infer(_model).TypeOf(value)?.ToString();

    private Value Emit(string op, string domain, IrType? declared, params Value[] more) =>
        _model.Graph.Add(new Node(op, [_x, .. more], [new Value($"v{_model.Graph.Nodes.Count}", declared)], "", domain)).Output;

    private static TensorType Float(params string[] dims) => Typed(ElementType.Float, dims);

    private static TensorType Typed(ElementType element, params string[] dims) => new(element,
        new Shape(dims.Select(d => d == "?" ? Dim.Unknown : long.TryParse(d, out var known) ? known : Dim.Parse(d))));
}
