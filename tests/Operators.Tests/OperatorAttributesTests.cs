using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using Xunit;

namespace MsSrConvert.Operators.Tests;

public sealed class OperatorAttributesTests
{
    [Fact]
    public void What_a_node_states_is_read() => Assert.Equal(0.3f, Node("LeakyRelu").With("alpha", 0.3f).FloatOf("alpha"));

    [Theory]
    [InlineData("LeakyRelu", "alpha", 0.01f)]
    [InlineData("HardSigmoid", "alpha", 0.2f)]
    [InlineData("HardSigmoid", "beta", 0.5f)]
    [InlineData("BatchNormalization", "epsilon", 1e-5f)]
    public void What_it_leaves_out_is_the_default(string op, string attribute, float expected) =>
        Assert.Equal(expected, Node(op).FloatOf(attribute));

    [Theory, InlineData(12, 1), InlineData(13, -1), InlineData(22, -1)]
    public void A_default_is_that_of_the_version(int opset, long axis) =>
        Assert.Equal(axis, Node("Softmax").IntOf("axis", opset));

    [Theory, InlineData(16, "bilinear"), InlineData(19, "bilinear"), InlineData(20, "linear")]
    public void A_default_of_text_is_that_of_the_version(int opset, string mode) =>
        Assert.Equal(mode, Node("GridSample").TextOf("mode", opset));

    [Fact]
    public void An_attribute_that_a_version_no_longer_has_keeps_its_default() =>
        Assert.Equal(0.5f, Node("Dropout").FloatOf("ratio", 22));

    [Fact]
    public void What_must_be_stated_has_no_default() =>
        Assert.Contains("blocksize",
            Assert.Throws<InvalidOperationException>(() => Node("DepthToSpace").IntOf("blocksize")).Message);

    [Fact]
    public void A_shape_rule_holds_a_node_without_it_for_malformed()
    {
        var model = new Model(new Graph("test"));
        model.OpsetImports[""] = 17;
        var x = model.Graph.AddInput(new Value("x", new TensorType(ElementType.Float, Shape.Known(1, 8, 4, 4))));
        model.Graph.AddOutput(model.Graph.Add(new Node("DepthToSpace", [x], [new Value("y")])).Output);

        var conflict = Assert.Single(ShapeInference.Infer(model).Conflicts);

        Assert.Equal((ConflictKind.Malformed, "attribute 'blocksize' is missing"), (conflict.Kind, conflict.Message));
    }

    [Fact]
    public void Traits_are_those_of_onnxs_own_operators()
    {
        Assert.True(Node("Softsign").Has(Traits.Unary | Traits.Reduction));
        Assert.False(Node("Softsign").Has(Traits.Combining));
        Assert.False(Node("Mystery").Has(Traits.Elementwise));
        Assert.False(new Node("Relu", [], [], domain: "local").Has(Traits.Unary));
    }

    private static Node Node(string op) => new(op, [new Value("x")], [new Value("y")]);
}
