using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.GraphIR.Onnx.Wire;
using MsSrConvert.Operators;
using MsSrConvert.Tests.Common;
using Xunit;
using static MsSrConvert.GraphIR.Tests.Onnx.WireModels;

namespace MsSrConvert.GraphIR.Tests.Onnx;

public sealed class OnnxWriteTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_file_holds_the_bytes_of_the_model()
    {
        var model = Read(Minimal());
        OnnxFile.Write(model, _folder["out.onnx"]);

        Assert.Equal(OnnxFile.ToBytes(model), File.ReadAllBytes(_folder["out.onnx"]));
        Assert.Equal(["out.onnx"], _folder.Names);
    }

    [Fact]
    public void Reading_and_writing_twice_gives_the_same_bytes()
    {
        var once = OnnxFile.ToBytes(Read(Minimal(m => m.Graph.Initializer.Add(Floats("w", 1, 2)))));

        Assert.Equal(once, OnnxFile.ToBytes(ModelFile.Read(once)));
        Assert.Equal(once, OnnxFile.ToBytes(ModelFile.Read(once)));
    }

    [Fact]
    public void An_existing_file_is_replaced()
    {
        File.WriteAllText(_folder["out.onnx"], "old");
        OnnxFile.Write(Read(Minimal()), _folder["out.onnx"]);

        Assert.Equal("g", ModelFile.Read(_folder["out.onnx"]).Graph.Name);
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_reported() => AssertUnwritable(_folder["none/out.onnx"]);

    [Fact]
    public void A_folder_of_the_output_s_name_is_reported()
    {
        Directory.CreateDirectory(_folder["out.onnx"]);

        AssertUnwritable(_folder["out.onnx"]);
    }

    [Fact]
    public void An_empty_path_is_reported() => AssertUnwritable("");

    [Fact]
    public void When_writing_fails_the_old_file_stays_and_nothing_else_is_left()
    {
        File.WriteAllText(_folder["out.onnx"], "old");
        File.WriteAllBytes(_folder["w.bin"], new byte[8]);
        var tensor = Floats("w", 0, 0);
        tensor.ClearRawData();
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(Entry("location", "w.bin"));
        var model = Read(Minimal(m => m.Graph.Initializer.Add(tensor)), _folder.Path);
        File.Delete(_folder["w.bin"]);

        Assert.Equal("MSSR1012", Assert.Throws<MsSrException>(() => OnnxFile.Write(model, _folder["out.onnx"])).Diagnostic.Id);
        Assert.Equal(["out.onnx"], _folder.Names);
        Assert.Equal("old", File.ReadAllText(_folder["out.onnx"]));
    }

    [Fact]
    public void A_model_too_large_for_a_byte_array_is_reported_before_its_tensors_are_read()
    {
        var graph = new Graph("g");
        var bytes = new Lazy<ReadOnlyMemory<byte>>(() => throw new InvalidOperationException("not to be read"));
        graph.AddInitializer("w", new TensorData(ElementType.Float, [1L << 29], bytes));

        Assert.Equal("MSSR1016", Assert.Throws<MsSrException>(() => OnnxFile.ToBytes(new Model(graph))).Diagnostic.Id);
    }

    [Fact]
    public void A_model_made_by_hand_is_written_with_what_it_says_and_nothing_else()
    {
        var graph = new Graph("g");
        var shape = new Shape(1, 3, Dim.Of("height"), Dim.Of("width"));
        var x = graph.AddInput(new Value("x", new TensorType(ElementType.Float, shape)));
        var y = new Value("y", x.Type);
        graph.Add(new Node("Relu", [x], [y]));
        graph.AddOutput(y);
        var model = new Model(graph) { OpsetImports = { [""] = 13 } };

        AssertSame(Minimal(), ModelProto.Parser.ParseFrom(OnnxFile.ToBytes(model)));
    }

    [Fact]
    public void Types_of_values_between_nodes_are_written_and_those_of_initializers_are_not()
    {
        var graph = new Graph("g");
        var x = graph.AddInput(new Value("x", new TensorType(ElementType.Float, Shape.Known(2))));
        var w = graph.AddInitializer("w", TensorData.Of([1f, 2f], 2));
        var middle = new Value("m", new TensorType(ElementType.Float, new Shape(Dim.Of("n"))));
        graph.Add(new Node("Add", [x, w], [middle]));
        graph.AddOutput(graph.Add(new Node("Neg", [middle], [new Value("y", x.Type)])).Output);

        var written = ModelProto.Parser.ParseFrom(OnnxFile.ToBytes(new Model(graph) { OpsetImports = { [""] = 13 } }));

        Assert.Equal([Info("m", "n")], written.Graph.ValueInfo);
    }

    [Fact]
    public void Value_info_that_contradicts_the_graph_is_dropped()
    {
        var model = Read(Minimal(m => m.Graph.ValueInfo.Add(Info("y", 1, 3, "height", "width"))));
        model.Graph.Outputs[0].Type = new TensorType(ElementType.Float, Shape.Known(5));

        Assert.Empty(ModelProto.Parser.ParseFrom(OnnxFile.ToBytes(model)).Graph.ValueInfo);
    }

    private static void AssertUnwritable(string path)
    {
        var error = Assert.Throws<MsSrException>(() => OnnxFile.Write(Read(Minimal()), path));

        Assert.Equal("MSSR1014", error.Diagnostic.Id);
    }
}
