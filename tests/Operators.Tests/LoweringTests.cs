using MsSrConvert.GraphIR;
using MsSrConvert.Operators.Versions;
using Xunit;

namespace MsSrConvert.Operators.Tests;

/// <summary>What a back end doesn't know is written in what it does.</summary>
public class LoweringTests
{
    [Fact]
    public void A_model_of_known_operators_stays_the_same_object()
    {
        var model = OneNode("HardSwish", 17);

        var lowered = Lowering.Lower(model, _ => true);

        Assert.Same(model, lowered.Model);
        Assert.Same(model.Graph.Outputs[0], lowered[model.Graph.Outputs[0]]);
    }

    [Fact]
    public void A_decomposition_is_decomposed_again_as_far_as_needed()
    {
        var model = OneNode("HardSwish", 17);

        var lowered = Lowering.Lower(model, node => node.OpType is "Mul" or "Add" or "Clip").Model;

        Assert.Equal(["Mul", "Add", "Clip", "Mul"], lowered.Graph.Nodes.Select(n => n.OpType));
        Assert.Equal(["HardSwish"], model.Graph.Nodes.Select(n => n.OpType));
    }

    [Fact]
    public void Values_keep_their_names_and_new_nodes_name_the_source_s()
    {
        var lowered = Lowering.Lower(OneNode("Mish", 18), node => !node.Is("Mish")).Model;

        Assert.Equal("y", lowered.Graph.Outputs[0].Name);
        Assert.Equal(["Mish 'node'", "Mish 'node'", "Mul 'node'"], lowered.Graph.Nodes.Select(n => n.ToString()));
    }

    [Theory]
    [InlineData(18, 4)]
    [InlineData(21, 8)]
    public void Weights_stay_the_tensors_they_are(int opset, int count)
    {
        var model = OneNode("GroupNormalization", opset, n => n.With("num_groups", 4), new float[count], new float[count]);

        var lowered = Lowering.Lower(model, node => !node.Is("GroupNormalization"));

        Assert.All(model.Graph.Initializers, weight => Assert.Single(lowered[weight].Uses));
        Assert.All(model.Graph.Initializers, weight => Assert.Same(weight, lowered.SourceOf(lowered[weight])));
    }

    [Theory]
    [InlineData(17)]
    [InlineData(18)]
    public void Reductions_have_the_form_of_the_model_s_opset(int opset)
    {
        var lowered = Lowering.Lower(OneNode("LayerNormalization", opset, null, new float[8]),
            node => !node.Is("LayerNormalization")).Model;

        Assert.All(lowered.Graph.Nodes.Where(n => n.Is("ReduceMean")),
            n => Assert.Equal(opset < 18, n.GetInts("axes") is not null));
    }

    [Fact]
    public void A_form_without_a_decomposition_stays()
    {
        var model = OneNode("BatchNormalization", 15, n => n.With("training_mode", 1), new float[4], new float[4], new float[4],
            new float[4]);

        var lowered = Lowering.Lower(model, _ => false).Model;

        Assert.Equal(["BatchNormalization"], lowered.Graph.Nodes.Select(n => n.OpType));
    }

    private static Model OneNode(string op, int opset, Action<Node>? configure = null, params float[][] constants)
    {
        var model = new Model(new Graph("one")) { IrVersion = 8 };
        model.OpsetImports[""] = opset;
        var x = model.Graph.AddInput(new Value("x", new TensorType(ElementType.Float, Shape.Known([1, 8, 4, 8]))));
        var weights = constants.Select((c, i) => model.Graph.AddInitializer($"c{i}", TensorData.Of(c, c.Length))).ToArray();
        var node = new Node(op, weights.Prepend(x), [new Value("y")], "node");
        configure?.Invoke(node);
        model.Graph.AddOutput(model.Graph.Add(node).Output);
        return model;
    }
}
