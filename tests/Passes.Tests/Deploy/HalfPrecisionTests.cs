using MsSrConvert.GraphIR;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Deploy;
using Xunit;

namespace MsSrConvert.Passes.Tests.Deploy;

public class HalfPrecisionTests
{
    private readonly TestNet _net = new();

    [Fact]
    public void Weights_and_activations_are_halved_between_casts()
    {
        var conv = _net.Conv(_net.Input("x", 1, 3, 8, 12), _net.Weights("w", 4, 3, 3, 3), _net.Weights("b", 4));
        _net.Output(_net.NodeTo("Relu", ["y"], conv.Output).Output);

        Halve();

        Assert.Equal("Cast Conv Relu Cast", _net.Operators());
        Assert.Equal(ElementType.Float16, conv.Input(1)!.Initializer!.Element);
        Assert.Equal(["y"], _net.Graph.Outputs.Select(o => o.Name));
    }

    [Fact]
    public void Factors_of_a_resize_stay_in_single_precision()
    {
        var up = _net.Node("Resize", _net.Input("x", 1, 3, 8, 12), null, _net.Floats("factors", [1, 1, 2, 2], 4)).With("mode",
            "nearest");
        _net.Output(up.Output);

        Halve();

        Assert.Equal(ElementType.Float, up.Input(2)!.Initializer!.Element);
    }

    [Fact]
    public void Numbers_that_make_up_a_shape_stay_in_single_precision()
    {
        var x = _net.Input("x", 1, 3, 8, 12);
        var sides = _net.Node("Cast", _net.Op("Shape", x)).With("to", (long)ElementType.Float).Output;
        var doubled = _net.Node("Cast", _net.Op("Mul", sides, _net.Floats("factors", [1, 1, 2, 2], 4))).With("to",
            (long)ElementType.Int64).Output;
        _net.Output(_net.Node("Resize", x, null, null, doubled).With("mode", "nearest").Output);

        Halve();

        Assert.All(_net.Graph.Initializers, v => Assert.Equal(ElementType.Float, v.Initializer!.Element));
    }

    [Fact]
    public void An_operator_with_a_body_is_declined()
    {
        var condition = _net.Graph.AddInput(new Value("condition", new TensorType(ElementType.Bool, new Shape())));
        var body = new Graph("body");
        body.AddOutput(body.Add(new Node("Relu", [_net.Input("x", 1, 3, 8, 12)], [new Value("inner")])).Output);
        _net.Output(
            _net.NodeTo("If", ["y"], condition).With("then_branch", new GraphAttribute(body)).With("else_branch",
                new GraphAttribute(body)).Output);

        var error = Assert.Throws<MsSrException>(() => new HalfPrecision().Run(_net.Model, _net.Context));
        Assert.Equal("MSSR2202: If 'y_node': an operator with a body can't be put into half precision. Leave --half away.",
            error.Message);
    }

    private void Halve()
    {
        ShapeInference.Apply(_net.Model);
        var before = _net.Bytes();
        new HalfPrecision().Run(_net.Model, _net.Context);
        Numeric.AssertSame(before, _net.Model, tolerance: 0.01);
    }
}
