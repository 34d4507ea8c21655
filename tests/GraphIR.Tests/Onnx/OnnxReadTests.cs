using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.GraphIR.Onnx.Wire;
using MsSrConvert.GraphIR.Verify;
using MsSrConvert.Operators;
using Xunit;
using static MsSrConvert.GraphIR.Tests.Onnx.WireModels;

namespace MsSrConvert.GraphIR.Tests.Onnx;

/// <summary>What the IR says about a file that was read.</summary>
public sealed class OnnxReadTests
{
    [Fact]
    public void A_value_read_inside_a_subgraph_is_the_outer_value_itself()
    {
        var inner = new GraphProto { Name = "inner", Node = { Node("Neg", ["x"], ["n"]) }, Output = { Info("n") } };
        var node = Node("If", ["flag"], ["y"]);
        node.Attribute.Add(GraphAttribute("then_branch", inner));
        node.Attribute.Add(GraphAttribute("else_branch", inner));
        var graph = Read(Minimal(m =>
        {
            m.Graph.Node[0] = node;
            m.Graph.Input.Add(Flag("flag"));
        })).Graph;

        Assert.All(graph.Nodes[0].Subgraphs, g => Assert.Same(graph.Inputs[0], g.Nodes[0].Inputs[0]));
        Assert.Equal(graph.AllNodes.Skip(1).Select(n => new Use(n, 0)), graph.Inputs[0].Uses);
    }

    [Fact]
    public void An_initializer_listed_as_input_is_one_value_with_both_roles()
    {
        var graph = Read(Minimal(m =>
        {
            m.Graph.Node[0] = Node("Add", ["x", "w"], ["y"]);
            m.Graph.Input.Add(Info("w", 2));
            m.Graph.Initializer.Add(Floats("w", 1, 2));
        })).Graph;

        var weight = Assert.Single(graph.Initializers);

        Assert.Same(weight, graph.Inputs[1]);
        Assert.True(weight.IsGraphInput);
        Assert.Equal([1f, 2f], weight.Initializer!.ToFloats());
    }

    [Fact]
    public void Nodes_out_of_order_are_sorted()
    {
        var model = Read(Minimal(m =>
        {
            m.Graph.Node.Insert(0, Node("Neg", ["y"], ["z"]));
            m.Graph.Output[0] = Info("z", 1);
        }));

        Assert.Equal(["Relu", "Neg"], model.Graph.Nodes.Select(n => n.OpType));
        Assert.Empty(GraphVerifier.Check(model));
    }

    [Fact]
    public void Negative_and_empty_dimensions_are_unknown()
    {
        var shape = Read(Minimal(m => m.Graph.Input[0] = Info("x", -1, "", "N", 0))).Graph.Inputs[0].Shape;

        Assert.Equal(new Shape(Dim.Unknown, Dim.Unknown, Dim.Of("N"), 0), shape);
    }

    [Fact]
    public void A_type_that_a_pass_changed_replaces_what_the_file_said()
    {
        var model = Read(Minimal(m => m.Graph.Input[0] = Info("x", -1, "N")));
        model.Graph.Inputs[0].Type = new TensorType(ElementType.Float, Shape.Known(2, 3));

        var written = ModelProto.Parser.ParseFrom(OnnxFile.ToBytes(model));

        Assert.Equal(Float(2, 3), written.Graph.Input[0].Type);
    }

    [Fact]
    public void Of_two_imports_of_one_operator_set_the_higher_version_counts()
    {
        var model = Read(Minimal(m => m.OpsetImport.AddRange(
            [
                new OperatorSetIdProto { Domain = "com.microsoft", Version = 1 },
                new OperatorSetIdProto { Domain = "com.microsoft", Version = 2 }
            ])));

        Assert.Equal(2, model.OpsetImports["com.microsoft"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ai.onnx")]
    public void ONNX_own_operator_set_is_imported_in_one_version(string domain)
    {
        Model With(long version) =>
            Read(Minimal(m => m.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = version })));

        Assert.Equal(13, With(13).Opset);
        var refused = Assert.Throws<MsSrException>(() => With(15)).Diagnostic;
        Assert.Equal(("MSSR1035", "ONNX's own operator set is imported in the versions 13 and 15; it must be one."),
            (refused.Id, refused.Message));
    }

    [Fact]
    public void The_bytes_of_a_sparse_initializer_are_the_dense_tensor()
    {
        var indices = new TensorProto { DataType = 7, Dims = { 2, 2 }, Int64Data = { 0, 1, 1, 0 } };
        var graph = Read(Minimal(m => m.Graph.SparseInitializer.Add(
            new SparseTensorProto { Dims = { 2, 2 }, Values = Floats("w", 5, 6), Indices = indices }))).Graph;

        var data = Assert.Single(graph.Initializers).Initializer!;

        Assert.Equal([0f, 5f, 6f, 0f], data.ToFloats());
    }

    [Fact]
    public void An_attribute_without_kind_gets_it_from_its_content()
    {
        var axes = new AttributeProto { Name = "axes", Ints = { 1, 2 } };
        var model = Read(Minimal(m => m.Graph.Node[0].Attribute.Add(axes)));

        Assert.Equal([1L, 2L], model.Graph.Nodes[0].GetInts("axes"));
    }

    [Fact]
    public void A_model_can_be_read_from_a_stream()
    {
        using var stream = new MemoryStream(OnnxFile.ToBytes(Read(Minimal())));

        Assert.Equal("g", ModelFile.Read(stream).Graph.Name);
    }
}
