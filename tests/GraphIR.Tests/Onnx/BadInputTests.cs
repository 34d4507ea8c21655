using System.Text;
using Google.Protobuf;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.GraphIR.Onnx.Wire;
using MsSrConvert.Operators;
using MsSrConvert.Tests.Common;
using Xunit;
using static MsSrConvert.GraphIR.Tests.Onnx.WireModels;

namespace MsSrConvert.GraphIR.Tests.Onnx;

public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_file() => AssertFails("MSSR1001", _folder["none.onnx"], "no such file");

    [Fact]
    public void An_empty_path() => AssertFails("MSSR1001", "", "no such file");

    [Fact]
    public void A_folder() => AssertFails("MSSR1002", _folder.Path, "folder");

    [Fact]
    public void A_file_that_another_program_holds()
    {
        using var held = new FileStream(_folder["held.onnx"], FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        AssertFails("MSSR1003", _folder["held.onnx"], "can't be read");
    }

    [Fact]
    public void A_file_too_large_for_protobuf()
    {
        using (var file = File.Create(_folder["large.onnx"]))
            file.SetLength((1L << 31) + 1);

        AssertFails("MSSR1016", _folder["large.onnx"], "less than 2 GB");
    }

    [Fact]
    public void An_empty_file() => AssertFails("MSSR1004", Save([]), "empty");

    [Fact]
    public void A_text_file() => AssertFails("MSSR1005", Save("# Not a network\nbut its description.\n"u8), "text file");

    [Fact]
    public void A_text_file_of_two_bytes_a_character() =>
        AssertFails("MSSR1005", Save([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("text")]), "text file");

    [Fact]
    public void A_pointer_of_Git_LFS() =>
        AssertFails("MSSR1005", Save("version https://git-lfs.github.com/spec/v1\n"u8), "git lfs pull");

    [Fact]
    public void A_PyTorch_checkpoint() => AssertFails("MSSR1005", Save("PK\x03\x04 and more"u8), "Export");

    [Fact]
    public void A_TensorFlow_Lite_model() => AssertFails("MSSR1005", Save([0x1C, 0, 0, 0, .. "TFL3"u8, 0, 0]), "TensorFlow Lite");

    [Fact]
    public void Bytes_that_mean_nothing()
    {
        var noise = new byte[1000];
        new Random(1).NextBytes(noise);

        AssertFails("MSSR1005", Save(noise), "don't form one");
    }

    [Fact]
    public void A_file_that_was_cut_off()
    {
        var whole = Minimal(m => m.Graph.Initializer.Add(Floats("w", [.. Enumerable.Repeat(1f, 1000)]))).ToByteArray();

        AssertFails("MSSR1007", Save(whole.AsSpan(0, whole.Length / 2)), "ends in the middle");
    }

    [Fact]
    public void A_model_without_a_graph() => AssertFails("MSSR1008", Minimal(m => m.Graph = null), "no graph");

    [Fact]
    public void A_model_with_an_empty_graph() =>
        AssertFails("MSSR1008", Minimal(m => m.Graph = new GraphProto { Name = "g" }), "no graph");

    [Fact]
    public void A_model_without_a_format_version() => AssertFails("MSSR1008", Minimal(m => m.ClearIrVersion()), "version");

    [Fact]
    public void A_model_without_operator_sets() => AssertFails("MSSR1008", Minimal(m => m.OpsetImport.Clear()), "operator set");

    [Fact]
    public void A_model_that_states_no_version_of_its_operators() =>
        AssertFails("MSSR1008", Minimal(m => m.OpsetImport[0].ClearVersion()), "which version of ONNX's own operators");

    [Fact]
    public void Two_functions_of_one_name() => AssertFails("MSSR1009", Minimal(m =>
    {
        m.Functions.Add(new FunctionProto { Name = "f", Domain = "local" });
        m.Functions.Add(new FunctionProto { Name = "f", Domain = "local" });
    }), "two functions 'local::f'");

    [Fact]
    public void A_tensor_in_place_of_a_model() =>
        AssertFails("MSSR1005", Save(Floats("w", 1, 2).ToByteArray()), "don't form one");

    [Fact]
    public void Two_values_of_one_name() =>
        AssertFails("MSSR1009", Minimal(m => m.Graph.Node.Add(Node("Neg", ["x"], ["y"]))), "'y'");

    [Fact]
    public void Two_initializers_of_one_name() => AssertFails(
        "MSSR1009",
        Minimal(m => m.Graph.Initializer.AddRange([Floats("w", 1), Floats("w", 2)])),
        "'w'");

    [Fact]
    public void An_initializer_without_a_name() =>
        AssertFails("MSSR1009", Minimal(m => m.Graph.Initializer.Add(Floats("", 1))), "an initializer");

    [Fact]
    public void A_node_that_reads_an_undefined_value() =>
        AssertFails("MSSR1010", Minimal(m => m.Graph.Node[0].Input.Add("ghost")), "Relu 'y': Value 'ghost'");

    [Fact]
    public void A_graph_output_that_nothing_computes() =>
        AssertFails("MSSR1010", Minimal(m => m.Graph.Output.Add(Info("ghost"))), "'ghost'");

    [Fact]
    public void A_value_read_out_of_a_subgraph()
    {
        var inner = new GraphProto { Name = "inner", Node = { Node("Neg", ["x"], ["n"]) }, Output = { Info("n") } };
        var node = Node("If", ["x"], ["z"]);
        node.Attribute.Add(GraphAttribute("then_branch", inner));

        AssertFails("MSSR1010", Minimal(m => m.Graph.Node.AddRange([node, Node("Neg", ["n"], ["end"])])), "Neg 'end': Value 'n'");
    }

    [Theory]
    [InlineData(3, 8, "need 12 bytes")]
    [InlineData(-2, 8, "negative")]
    [InlineData(long.MaxValue, 8, "larger than any memory")]
    public void A_tensor_whose_data_does_not_fit_its_dimensions(long dim, int bytes, string expected)
    {
        var tensor = new TensorProto { Name = "w", DataType = 1, Dims = { dim }, RawData = ByteString.CopyFrom(new byte[bytes]) };

        AssertFails("MSSR1011", Minimal(m => m.Graph.Initializer.Add(tensor)), expected);
    }

    [Fact]
    public void A_tensor_with_too_few_typed_elements() => AssertFails(
        "MSSR1011",
        Minimal(m => m.Graph.Initializer.Add(new TensorProto { Name = "w", DataType = 7, Dims = { 3 }, Int64Data = { 1, 2 } })),
        "'w'");

    [Fact]
    public void A_tensor_without_a_type() =>
        AssertFails("MSSR1011", Minimal(m => m.Graph.Initializer.Add(new TensorProto { Name = "w" })), "element type");

    [Fact]
    public void Nodes_that_need_one_another() => AssertFails(
        "MSSR1015",
        Minimal(m => m.Graph.Node.AddRange([Node("Add", ["x", "b"], ["a"]), Node("Neg", ["a"], ["b"])])),
        "compute itself");

    [Fact]
    public void A_node_that_needs_itself() =>
        AssertFails("MSSR1015", Minimal(m => m.Graph.Node.Add(Node("Add", ["x", "a"], ["a"]))), "Add 'a'");

    [Fact]
    public void A_node_with_two_attributes_of_one_name()
    {
        var axis = new AttributeProto { Name = "axis", Type = AttributeProto.Types.AttributeType.Int, I = 1 };

        AssertFails("MSSR1017", Minimal(m => m.Graph.Node[0].Attribute.AddRange([axis, axis])), "'axis'");
    }

    [Fact]
    public void Cutting_a_model_off_at_any_byte_gives_a_message_or_a_smaller_model()
    {
        var inner = new GraphProto { Name = "inner", Node = { Node("Neg", ["x"], ["n"]) }, Output = { Info("n") } };
        var whole = Minimal(m =>
        {
            m.Graph.Node[0].Attribute.Add(GraphAttribute("body", inner));
            m.Graph.Initializer.Add(Floats("w", 1, 2, 3));
            m.Graph.Initializer.Add(new TensorProto { Name = "v", DataType = 7, Dims = { 2 }, Int64Data = { 1, 2 } });
            m.MetadataProps.Add(Entry("key", "value"));
        }).ToByteArray();

        for (var length = 0; length < whole.Length; length++)
            AssertReadsOrExplains(whole[..length]);
    }

    [Fact]
    public void Changing_any_byte_of_a_model_gives_a_message_or_another_model()
    {
        var whole = Minimal(m =>
        {
            m.Graph.Initializer.Add(Floats("w", 1, 2, 3));
            m.Graph.SparseInitializer.Add(new SparseTensorProto
            {
                Dims = { 2, 2 },
                Values = Floats("s", 5),
                Indices = new TensorProto { DataType = 7, Dims = { 1 }, Int64Data = { 3 } },
            });
        }).ToByteArray();

        for (var at = 0; at < whole.Length; at++)
        {
            foreach (var flip in new byte[] { 0x01, 0x08, 0x80, 0xFF })
            {
                var changed = (byte[])whole.Clone();
                changed[at] ^= flip;
                AssertReadsOrExplains(changed);
            }
        }
    }

    private static void AssertReadsOrExplains(byte[] bytes)
    {
        try
        {
            OnnxFile.ToBytes(ModelFile.Read(bytes));
        }
        catch (MsSrException e)
        {
            Assert.StartsWith("MSSR10", e.Diagnostic.Id);
        }
    }

    private string Save(ReadOnlySpan<byte> content)
    {
        File.WriteAllBytes(_folder["bad.onnx"], content);
        return _folder["bad.onnx"];
    }

    private void AssertFails(string id, ModelProto model, string expected) =>
        AssertFails(id, Save(model.ToByteArray()), expected);

    private static void AssertFails(string id, string path, string expected)
    {
        var error = Assert.Throws<MsSrException>(() => ModelFile.Read(path));

        Assert.Equal(id, error.Diagnostic.Id);
        Assert.Contains(expected, error.Message);
        Assert.StartsWith(path, error.Diagnostic.Where);
        Assert.NotNull(error.Diagnostic.Hint);
    }
}
