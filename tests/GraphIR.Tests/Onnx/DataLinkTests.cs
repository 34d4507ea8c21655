using System.Diagnostics;
using Google.Protobuf;
using MsSrConvert.GraphIR.Onnx.Wire;
using MsSrConvert.Operators;
using MsSrConvert.Tests.Common;
using Xunit;
using static MsSrConvert.GraphIR.Tests.Onnx.WireModels;

namespace MsSrConvert.GraphIR.Tests.Onnx;

/// <summary>Data files behind links: read where the model file itself leads there, and nowhere else.</summary>
public sealed class DataLinkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public DataLinkTests()
    {
        foreach (var name in new[] { "blobs", "snapshots/x", "elsewhere", "model/inside" })
            Directory.CreateDirectory(_folder[name]);
        File.WriteAllBytes(_folder["blobs/data"], [0, 0, 128, 63, 0, 0, 0, 64]);
        File.WriteAllBytes(_folder["elsewhere/w.bin"], [0, 0, 128, 63, 0, 0, 0, 64]);
        File.WriteAllBytes(_folder["model/inside/w.bin"], [0, 0, 128, 63, 0, 0, 0, 64]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void As_a_model_hub_keeps_them()
    {
        Write("blobs/model", "model.onnx.data");
        Link("snapshots/x/model.onnx", "../../blobs/model");
        Link("snapshots/x/model.onnx.data", "../../blobs/data");
        Assert.Equal([1f, 2f], Weights("snapshots/x/model.onnx"));
    }

    [Fact]
    public void In_a_folder_of_the_model_that_is_a_link_itself()
    {
        Write("model/net.onnx", "inside/w.bin");
        Link("again", "model");
        Assert.Equal([1f, 2f], Weights("again/net.onnx"));
        Link("model/w.bin", "inside/w.bin");
        Write("model/net.onnx", "w.bin");
        Assert.Equal([1f, 2f], Weights("again/net.onnx"));
    }

    [Theory]
    [InlineData("model/w.bin", "../elsewhere/w.bin", "w.bin")]
    [InlineData("model/folder", "../elsewhere", "folder/w.bin")]
    public void A_link_out_of_the_folder_is_refused_and_the_reason_names_it(string link, string target, string location)
    {
        Write("model/net.onnx", location);
        Link(link, target);
        var error = Assert.Throws<MsSrException>(() => Weights("model/net.onnx")).Diagnostic;
        Assert.Equal("MSSR1013", error.Id);
        Assert.Contains($"'{location}', which leads through a link to '{FilePlace.Real(_folder["elsewhere/w.bin"])}'", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Data_that_is_a_pipe_is_refused_and_never_waited_for()
    {
        if (OperatingSystem.IsWindows())
            return;
        Write("model/net.onnx", "w.bin");
        Process.Start("mkfifo", [_folder["model/w.bin"]]).WaitForExit();
        var error = Assert.Throws<MsSrException>(() => Weights("model/net.onnx")).Diagnostic;
        Assert.Equal("MSSR1012", error.Id);
        Assert.Contains("is a pipe, not a file", error.Message, StringComparison.Ordinal);
    }

    private float[] Weights(string model) => ModelFile.Read(_folder[model]).Graph.Initializers[0].Initializer!.ToFloats();

    private void Link(string name, string target) => File.CreateSymbolicLink(_folder[name], target);

    private void Write(string name, string location) => File.WriteAllBytes(_folder[name], Minimal(m => m.Graph.Initializer.Add(
        new TensorProto
        {
            Name = "w",
            DataType = 1,
            Dims = { 2 },
            DataLocation = TensorProto.Types.DataLocation.External,
            ExternalData = { Entry("location", location) },
        })).ToByteArray());
}
