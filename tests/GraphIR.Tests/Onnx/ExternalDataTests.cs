using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.GraphIR.Onnx.Wire;
using MsSrConvert.Operators;
using MsSrConvert.Tests.Common;
using Xunit;
using static MsSrConvert.GraphIR.Tests.Onnx.WireModels;

namespace MsSrConvert.GraphIR.Tests.Onnx;

public sealed class ExternalDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void External_data_is_read_when_asked_for()
    {
        File.WriteAllBytes(_folder["w.bin"], [9, 9, 9, 9, 0, 0, 128, 63, 0, 0, 0, 64]);
        var data = Initializer(External(("location", "w.bin"), ("offset", "4"), ("length", "8")));

        Assert.Equal(TensorEncoding.External, data.Encoding);
        Assert.Equal([1f, 2f], data.ToFloats());
    }

    [Fact]
    public void Without_a_length_the_tensor_takes_what_its_dimensions_need()
    {
        File.WriteAllBytes(_folder["w.bin"], [0, 0, 128, 63, 0, 0, 0, 64, 9, 9]);

        Assert.Equal([1f, 2f], Initializer(External(("location", "w.bin"))).ToFloats());
    }

    [Fact]
    public void A_model_with_external_data_is_written_as_one_file()
    {
        File.WriteAllBytes(_folder["w.bin"], new byte[8]);
        var model = Read(External(("location", "w.bin"), ("checksum", "ab")), _folder.Path);
        OnnxFile.Write(model, _folder["out.onnx"]);

        var written = ModelProto.Parser.ParseFrom(File.ReadAllBytes(_folder["out.onnx"]));

        AssertSame(Minimal(m => m.Graph.Initializer.Add(Floats("w", 0, 0))), written);
        Assert.Equal(["out.onnx", "w.bin"], _folder.Names);
    }

    [Fact]
    public void A_model_too_large_for_one_file_is_written_as_two_and_reads_back()
    {
        var model = Read(Minimal(m =>
        {
            m.Graph.Initializer.Add(Floats("small", 1, 2));
            m.Graph.Initializer.Add(Floats("large", [.. Enumerable.Range(0, 3000).Select(i => (float)i)]));
            m.Graph.Initializer.Add(Floats("larger", [.. Enumerable.Range(0, 4000).Select(i => (float)-i)]));
        }));

        OnnxFile.Write(model, _folder["out.onnx"], largestEmbedded: 1000);

        Assert.Equal("out.onnx", _folder.Names[0]);
        Assert.Matches(@"^out\.onnx\.[0-9a-f]{16}\.data$", Assert.Single(_folder.Names[1..]));
        var written = model.Graph.Initializers.Select(v => v.Initializer!);
        TensorData[] read = [.. ModelFile.Read(_folder["out.onnx"]).Graph.Initializers.Select(v => v.Initializer!)];
        Assert.Equal([TensorEncoding.Raw, TensorEncoding.External, TensorEncoding.External], read.Select(d => d.Encoding));
        Assert.Equal(written.Select(d => d.ToFloats()), read.Select(d => d.ToFloats()));
        Assert.All(read.Skip(1), d => Assert.Equal(0, long.Parse(d.ExternalEntries[1].Value) % 4096));
    }

    [Theory]
    [InlineData("../w.bin")]
    [InlineData("sub/../../w.bin")]
    [InlineData("/etc/hostname")]
    public void A_location_outside_the_folder_is_refused(string location) =>
        AssertFails("MSSR1013", External(("location", location)));

    [Fact]
    public void A_missing_data_file_is_reported_when_the_model_is_read() =>
        AssertFails("MSSR1012", External(("location", "gone.bin")));

    [Fact]
    public void A_data_file_that_is_too_short_is_reported()
    {
        File.WriteAllBytes(_folder["w.bin"], new byte[8]);

        AssertFails("MSSR1012", External(("location", "w.bin"), ("offset", "4")));
    }

    [Fact]
    public void A_data_file_that_vanishes_before_it_is_read_is_reported()
    {
        File.WriteAllBytes(_folder["w.bin"], new byte[8]);
        var data = Initializer(External(("location", "w.bin")));
        File.Delete(_folder["w.bin"]);

        Assert.Equal("MSSR1012", Assert.Throws<MsSrException>(() => data.Bytes).Diagnostic.Id);
    }

    [Theory]
    [InlineData("length", "12")]
    [InlineData("offset", "-4")]
    [InlineData("offset", "four")]
    [InlineData("location", "")]
    public void Entries_that_make_no_sense_are_reported(string key, string value)
    {
        File.WriteAllBytes(_folder["w.bin"], new byte[8]);

        AssertFails("MSSR1011", External(("location", "w.bin"), (key, value)));
    }

    [Fact]
    public void A_model_from_bytes_alone_has_no_folder_for_external_data()
    {
        var error = Assert.Throws<MsSrException>(() => Read(External(("location", "w.bin"))));

        Assert.Equal("MSSR1012", error.Diagnostic.Id);
    }

    private TensorData Initializer(ModelProto model) => Read(model, _folder.Path).Graph.Initializers[0].Initializer!;

    private void AssertFails(string id, ModelProto model)
    {
        var error = Assert.Throws<MsSrException>(() => Read(model, _folder.Path));

        Assert.Equal(id, error.Diagnostic.Id);
        Assert.Contains("initializer 'w'", error.Diagnostic.Where);
    }

    private static ModelProto External(params (string Key, string Value)[] entries)
    {
        var tensor = new TensorProto
        {
            Name = "w",
            DataType = 1,
            Dims = { 2 },
            DataLocation = TensorProto.Types.DataLocation.External,
            ExternalData = { entries.Select(e => Entry(e.Key, e.Value)) },
        };
        return Minimal(m => m.Graph.Initializer.Add(tensor));
    }
}
