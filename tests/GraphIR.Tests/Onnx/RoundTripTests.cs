using Google.Protobuf;
using MsSrConvert.GraphIR.Onnx.Wire;
using Xunit;
using static MsSrConvert.GraphIR.Tests.Onnx.WireModels;
using AttributeType = MsSrConvert.GraphIR.Onnx.Wire.AttributeProto.Types.AttributeType;

namespace MsSrConvert.GraphIR.Tests.Onnx;

/// <summary>What stands in a file but not in the IR must survive reading and writing, wherever it stands.</summary>
public sealed class RoundTripTests
{
    private static void AssertSurvives(Action<ModelProto> change)
    {
        var model = Minimal(change);
        Assert.NotEqual(Minimal().ToByteArray(), model.ToByteArray());
        AssertSame(model, RoundTrip(model));
    }

    [Fact]
    public void A_minimal_model_survives() => AssertSame(Minimal(), RoundTrip(Minimal()));

    [Fact]
    public void The_properties_of_the_model_survive() => AssertSurvives(model =>
    {
        model.ProducerName = "maker";
        model.ProducerVersion = "1.2";
        model.Domain = "org.example";
        model.ModelVersion = 7;
        model.DocString = "What it does.\nAnd how.";
        model.MetadataProps.Add(Entry("author", "someone"));
        model.MetadataProps.Add(Entry("licence", ""));
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "com.microsoft", Version = 1 });
    });

    [Fact]
    public void Fields_that_are_there_but_empty_survive() => AssertSurvives(model =>
    {
        model.ProducerName = "";
        model.ModelVersion = 0;
        model.DocString = "";
        model.OpsetImport[0].Domain = "";
        model.Graph.Name = "";
        model.Graph.DocString = "";
        model.Graph.Node[0].Name = "";
        model.Graph.Node[0].Domain = "";
        model.Graph.Node[0].DocString = "";
        model.Graph.Input[0].DocString = "";
        model.Graph.Input[0].Type.Denotation = "";
        model.Graph.Node[0].Overload = "";
        model.Graph.Node[0].Attribute.Add(
            new AttributeProto { Name = "i", Type = AttributeType.Int, I = 0, DocString = "", RefAttrName = "" });
        model.Graph.Initializer.Add(Floats("w", 1));
        model.Graph.Initializer[0].DocString = "";
        model.Graph.Initializer[0].DataLocation = TensorProto.Types.DataLocation.Default;
        model.MetadataProps.Add(new StringStringEntryProto { Key = "no value" });
    });

    [Fact]
    public void The_domain_spelled_ai_onnx_survives() => AssertSurvives(model =>
    {
        model.OpsetImport[0].Domain = "ai.onnx";
        model.Graph.Node[0].Domain = "ai.onnx";
    });

    [Fact]
    public void Training_info_survives() => AssertSurvives(model =>
    {
        var step = new GraphProto { Name = "step", Node = { Node("Gradient", ["x", "y"], ["z"]) } };
        model.TrainingInfo.Add(new TrainingInfoProto
        {
            Initialization = new GraphProto { Name = "start" },
            Algorithm = step,
            UpdateBinding = { Entry("w", "z") },
            InitializationBinding = { Entry("w", "w0") },
        });
    });

    [Fact]
    public void Device_configurations_survive() => AssertSurvives(model =>
    {
        model.Configuration.Add(new DeviceConfigurationProto { Name = "two", NumDevices = 2, Device = { "a", "b" } });
        model.Graph.Node[0].DeviceConfigurations.Add(new NodeDeviceConfigurationProto
        {
            ConfigurationId = "two",
            PipelineStage = 1,
            ShardingSpec =
            {
                new ShardingSpecProto
                {
                    TensorName = "x",
                    Device = { 0, 1 },
                    IndexToDeviceGroupMap = { new IntIntListEntryProto { Key = 1, Value = { 0, 1 } } },
                    ShardedDim =
                    {
                        new ShardedDimProto
                        {
                            Axis = 2,
                            SimpleSharding = { new SimpleShardedDimProto { DimParam = "height", NumShards = 2 } },
                        },
                    },
                },
            },
        });
    });

    [Fact]
    public void Metadata_and_documentation_of_graphs_nodes_values_and_tensors_survive() => AssertSurvives(model =>
    {
        model.Graph.DocString = "graph";
        model.Graph.MetadataProps.Add(Entry("of", "graph"));
        model.Graph.Node[0].DocString = "node";
        model.Graph.Node[0].Name = "relu";
        model.Graph.Node[0].MetadataProps.Add(Entry("of", "node"));
        model.Graph.Input[0].DocString = "value";
        model.Graph.Input[0].MetadataProps.Add(Entry("of", "value"));
        var tensor = Floats("unused", 1, 2);
        tensor.DocString = "tensor";
        tensor.MetadataProps.Add(Entry("of", "tensor"));
        model.Graph.Initializer.Add(tensor);
    });

    [Fact]
    public void Quantization_annotations_survive() => AssertSurvives(model =>
    {
        var annotation = new TensorAnnotation { TensorName = "x" };
        annotation.QuantParameterTensorNames.Add(Entry("SCALE_TENSOR", "x_scale"));
        model.Graph.QuantizationAnnotation.Add(annotation);
    });

    [Fact]
    public void Value_info_of_nodes_initializers_and_unknown_values_survives() => AssertSurvives(model =>
    {
        model.Graph.Node.Add(Node("Add", ["y", "w"], ["z"]));
        model.Graph.Node.Add(Node("Neg", ["z"], ["end"]));
        model.Graph.Initializer.Add(Floats("w", 1, 2));
        model.Graph.Output[0] = Info("end", 1, 3, "height", 2);
        model.Graph.ValueInfo.Add(Info("gone", 4));
        model.Graph.ValueInfo.Add(Info("w", 2));
        model.Graph.ValueInfo.Add(Info("y", 1, 3, "height", 2));
        model.Graph.ValueInfo.Add(Info("z"));
    });

    [Fact]
    public void Shapes_of_every_form_survive() => AssertSurvives(model =>
    {
        var type = Float(1, -1, "", "2*height+1", "N");
        type.TensorType.Shape.Dim.Add(new TensorShapeProto.Types.Dimension());
        type.TensorType.Shape.Dim[0].Denotation = "DATA_BATCH";
        type.Denotation = "IMAGE";
        model.Graph.Input[0].Type = type;
        model.Graph.Output[0].Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1 } };
        model.Graph.Input.Add(new ValueInfoProto { Name = "untyped" });
        model.Graph.Input.Add(new ValueInfoProto { Name = "scalar", Type = Float() });
    });

    [Fact]
    public void Types_other_than_tensors_survive() => AssertSurvives(model =>
    {
        var element = Float(3);
        TypeProto[] types =
        [
            new() { SequenceType = new TypeProto.Types.Sequence { ElemType = element } },
            new() { MapType = new TypeProto.Types.Map { KeyType = 7, ValueType = element } },
            new() { OptionalType = new TypeProto.Types.Optional { ElemType = element }, Denotation = "d" },
            new() { SparseTensorType = new TypeProto.Types.SparseTensor { ElemType = 1, Shape = element.TensorType.Shape } },
            new() { OpaqueType = new TypeProto.Types.Opaque { Domain = "org.example", Name = "thing" } },
        ];
        model.Graph.Input.AddRange(types.Select((type, i) => new ValueInfoProto { Name = $"other{i}", Type = type }));
    });

    [Fact]
    public void Attributes_of_every_kind_survive() => AssertSurvives(model =>
    {
        var indices = new TensorProto { DataType = 7, Dims = { 1 }, Int64Data = { 2 } };
        var sparse = new SparseTensorProto { Dims = { 4 }, Values = Floats("", 1), Indices = indices };
        ByteString[] texts = [ByteString.CopyFromUtf8("ä"), ByteString.Empty];
        var graph = new GraphProto { Name = "nested", Node = { Node("Neg", ["x"], ["n"]) }, Output = { Info("n", 1) } };
        model.Graph.Node[0].Attribute.AddRange(
        [
            new AttributeProto { Name = "f", Type = AttributeType.Float, F = 0.1f, DocString = "a float" },
            new AttributeProto { Name = "i", Type = AttributeType.Int, I = -3 },
            new AttributeProto { Name = "s", Type = AttributeType.String, S = ByteString.CopyFrom(0xFF, 0x00, 0x41) },
            new AttributeProto { Name = "t", Type = AttributeType.Tensor, T = Floats("own name", 1, 2, 3) },
            GraphAttribute("g", graph),
            new AttributeProto { Name = "floats", Type = AttributeType.Floats, Floats = { 1, float.NaN, -0f } },
            new AttributeProto { Name = "ints", Type = AttributeType.Ints, Ints = { long.MinValue, 0, long.MaxValue } },
            new AttributeProto { Name = "empty", Type = AttributeType.Ints },
            new AttributeProto { Name = "strings", Type = AttributeType.Strings, Strings = { texts } },
            new AttributeProto { Name = "tensors", Type = AttributeType.Tensors, Tensors = { Floats("", 1), Floats("", 2) } },
            new AttributeProto { Name = "graphs", Type = AttributeType.Graphs, Graphs = { graph, graph } },
            new AttributeProto { Name = "sparse", Type = AttributeType.SparseTensor, SparseTensor = sparse },
            new AttributeProto { Name = "sparses", Type = AttributeType.SparseTensors, SparseTensors = { sparse } },
            new AttributeProto { Name = "type", Type = AttributeType.TypeProto, Tp = Float(1, "N") },
            new AttributeProto { Name = "types", Type = AttributeType.TypeProtos, TypeProtos = { Float(1) } },
        ]);
    });

    [Fact]
    public void Functions_survive() => AssertSurvives(model =>
    {
        var alpha = new AttributeProto { Name = "alpha", Type = AttributeType.Float, RefAttrName = "slope" };
        var call = Node("LeakyRelu", ["a"], ["m"]);
        call.Attribute.Add(alpha);
        model.Functions.Add(new FunctionProto
        {
            Name = "Leaky",
            Domain = "local",
            Overload = "v2",
            DocString = "leaks",
            Input = { "a", "unused" },
            Output = { "b" },
            Attribute = { "slope" },
            AttributeProto = { new AttributeProto { Name = "bias", Type = AttributeType.Float, F = 0.5f } },
            Node = { call, Node("Neg", ["m"], ["b"]) },
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 13 } },
            ValueInfo = { Info("a", 1), Info("b", 1), Info("m", 1) },
            MetadataProps = { Entry("k", "v") },
        });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "local", Version = 1 });
        model.Graph.Node[0] = Node("Leaky", ["x", ""], ["y"]);
        model.Graph.Node[0].Domain = "local";
        model.Graph.Node[0].Overload = "v2";
    });

    [Fact]
    public void Unknown_fields_survive_at_every_level() => AssertSurvives(model =>
    {
        var graph = model.Graph;
        graph.Initializer.Add(WithUnknownField(Floats("w", 1), "tensor"));
        graph.Input[0] = WithUnknownField(graph.Input[0], "value");
        graph.Output[0].Type = WithUnknownField(graph.Output[0].Type, "type");
        var attribute = new AttributeProto { Name = "i", Type = AttributeType.Int, I = 1 };
        graph.Node[0].Attribute.Add(WithUnknownField(attribute, "attribute"));
        graph.Node[0] = WithUnknownField(graph.Node[0], "node");
        model.OpsetImport[0] = WithUnknownField(model.OpsetImport[0], "opset");
        model.MetadataProps.Add(WithUnknownField(Entry("k", "v"), "entry"));
        model.Graph = WithUnknownField(graph, "graph");
        model.MergeFrom(WithUnknownField(new ModelProto(), "model"));
    });

    [Fact]
    public void Absent_inputs_and_outputs_survive_in_the_middle_and_at_the_end() => AssertSurvives(model =>
    {
        model.Graph.Node[0] = Node("Anything", ["x", "", "", "s", ""], ["y", "", "z"]);
        model.Graph.Node[0].Domain = "elsewhere";
        model.Graph.Initializer.Add(Floats("s", 1));
    });

    [Fact]
    public void Initializers_that_old_files_list_as_inputs_survive() => AssertSurvives(model =>
    {
        model.IrVersion = 3;
        model.Graph.Node[0] = Node("Add", ["x", "w"], ["y"]);
        model.Graph.Input.Add(Info("w", 2));
        model.Graph.Initializer.Add(Floats("w", 1, 2));
    });

    [Fact]
    public void Sparse_initializers_survive() => AssertSurvives(model =>
    {
        model.Graph.Node[0] = Node("Add", ["x", "w"], ["y"]);
        model.Graph.SparseInitializer.Add(new SparseTensorProto
        {
            Dims = { 2, 2 },
            Values = Floats("w", 5, 6),
            Indices = new TensorProto { DataType = 7, Dims = { 2 }, Int64Data = { 0, 3 } },
        });
    });

    [Fact]
    public void Subgraphs_that_read_values_around_them_survive() => AssertSurvives(model =>
    {
        var untyped = new ValueInfoProto { Name = "deep" };
        var inner = new GraphProto { Name = "inner", Node = { Node("Add", ["x", "w"], ["deep"]) }, Output = { untyped } };
        var nested = Node("If", ["flag"], ["r"]);
        nested.Attribute.Add(GraphAttribute("then_branch", inner));
        nested.Attribute.Add(GraphAttribute("else_branch", inner));
        var body = new GraphProto { Name = "body", Node = { nested }, Output = { Info("r", 1) } };
        body.ValueInfo.Add(Info("seen", 1));
        var node = Node("If", ["flag"], ["y"]);
        node.Attribute.Add(GraphAttribute("then_branch", body));
        node.Attribute.Add(GraphAttribute("else_branch", inner));
        model.Graph.Node[0] = node;
        model.Graph.Input.Add(Flag("flag"));
        model.Graph.Initializer.Add(Floats("w", 1));
    });
}
