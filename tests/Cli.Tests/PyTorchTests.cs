using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Operators;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Cli.Tests;

public sealed class PyTorchTests : IDisposable
{
    private static readonly string[] Files = ["README.md", "finetune.py", "model.py", "reference.safetensors", "retie.py",
        "weights.safetensors"];
    private readonly TemporaryFolder _folder = new();
    private readonly string _converted;
    private readonly string _export;

    public PyTorchTests()
    {
        TinyNet.Write(_folder["net.onnx"]);
        Assert.Equal(0, CommandRun.Of(_folder["net.onnx"]).ExitCode);
        _converted = _folder["net.ms2.onnx"];
        _export = _folder["export"];
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_with_everything_is_written()
    {
        var json = Ok("export-pytorch", _converted, "-o", _export, "--json").Json();
        Assert.Equal(Files, Directory.EnumerateFiles(_export).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal((_export, 4), (json.GetProperty("output").GetString(), json.GetProperty("layers").GetInt32()));
        var counted = CommandRun.Of("inspect", _folder["net.onnx"],
            "--json").Json().GetProperty("converted").GetProperty("params").GetInt64();
        Assert.Equal(counted, json.GetProperty("parameters").GetInt64());
        Assert.Contains("mssr-convert import-weights net.ms2.onnx", File.ReadAllText(Path.Combine(_export, "README.md")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_is_exported_too() => Assert.Equal(0,
        Ok("export-pytorch", _folder["net.onnx"], "-o", _export, "--json").Json().GetProperty("layers").GetInt32());

    [Fact]
    public void A_folder_with_other_files_is_left_alone_unless_forced()
    {
        Directory.CreateDirectory(_export);
        File.WriteAllText(Path.Combine(_export, "notes.txt"), "mine");
        Fails(2, "MSSR3501", "export-pytorch", _converted, "-o", _export);
        Assert.Single(Directory.EnumerateFileSystemEntries(_export));
        Ok("export-pytorch", _converted, "-o", _export, "--force");
        Assert.Equal(Files.Length + 1, Directory.EnumerateFiles(_export).Count());
    }

    [Fact]
    public void A_folder_that_cannot_be_made_leaves_nothing_behind()
    {
        var before = _folder.Names;
        Fails(3, "MSSR1502", "export-pytorch", _converted, "-o", Path.Combine(_folder["no"], "such", "folder"));
        Fails(3, "MSSR1502", "export-pytorch", _converted, "-o", Path.Combine(_converted, "below-a-file"));
        Assert.Equal(before, _folder.Names);
    }

    [Fact]
    public void A_deploy_model_is_refused()
    {
        Ok("deploy", _converted, "-o", _folder["deploy.onnx"]);
        Fails(1, "MSSR2201", "export-pytorch", _folder["deploy.onnx"], "-o", _export);
        Fails(1, "MSSR2201", "import-weights", _folder["deploy.onnx"], "--from", _converted, "-o", _folder["out.onnx"]);
        Assert.False(Directory.Exists(_export));
    }

    [Fact]
    public void Exported_weights_come_back_as_they_went()
    {
        Ok("export-pytorch", _converted, "-o", _export);
        var run = Ok("import-weights", _converted, "--from", Path.Combine(_export, "weights.safetensors"), "-o",
            _folder["back.onnx"]);
        Assert.Contains("0 missing, 0 unexpected", run.Out, StringComparison.Ordinal);
        Assert.Contains("ties: 4 shared weights, each one initializer", run.Out, StringComparison.Ordinal);
        var (before, after) = (ModelFile.Read(_converted), ModelFile.Read(_folder["back.onnx"]));
        Assert.All(before.Graph.Initializers.Zip(after.Graph.Initializers),
            pair => Assert.Equal(pair.First.Initializer!.Bytes.ToArray(), pair.Second.Initializer!.Bytes.ToArray()));
        Assert.Equal("imported", after.GetMetadata("mssr.start"));
    }

    [Fact]
    public void Weights_are_taken_from_another_model()
    {
        var trained = ModelFile.Read(_converted);
        foreach (var value in trained.Graph.Initializers.Where(v => v.Name.StartsWith("middle", StringComparison.Ordinal))
            .ToArray())
        {
            trained.Graph.SetInitializer(value, TensorData.Of(new float[value.Initializer!.Count], [.. value.Initializer.Dims]));
        }

        OnnxFile.Write(trained, _folder["trained.onnx"]);
        var json = Ok("import-weights", _converted, "--from", _folder["trained.onnx"], "-o", _folder["out.onnx"],
            "--json").Json();
        Assert.Equal(0, json.GetProperty("missing").GetArrayLength());
        Assert.Equal(ModelFile.Read(_folder["trained.onnx"]).Graph.Initializers.Select(v => v.Initializer!.Bytes.ToArray()),
            ModelFile.Read(_folder["out.onnx"]).Graph.Initializers.Select(v => v.Initializer!.Bytes.ToArray()));
    }

    [Fact]
    public void Weights_of_another_network_are_refused_and_nothing_is_written()
    {
        Ok("export-pytorch", _folder["net.onnx"], "-o", _export);
        Fails(4, "MSSR5501", "import-weights", _converted, "--from", Path.Combine(_export, "weights.safetensors"), "-o",
            _folder["out.onnx"]);
        Assert.False(File.Exists(_folder["out.onnx"]));
    }

    [Theory]
    [InlineData(3, "MSSR1505", "missing.safetensors", null)]
    [InlineData(2, "MSSR3502", "weights.txt", "text")]
    [InlineData(3, "MSSR1501", "weights.safetensors", "text")]
    public void A_file_that_holds_no_weights_is_refused(int code, string id, string name, string? content)
    {
        if (content is not null)
            File.WriteAllText(_folder[name], content);
        Fails(code, id, "import-weights", _converted, "--from", _folder[name], "-o", _folder["out.onnx"]);
    }

    [Fact]
    public void A_checkpoint_needs_a_Python_that_works()
    {
        File.WriteAllText(_folder["net.pth"], "pickle");
        Fails(3, "MSSR1504", "import-weights", _converted, "--from", _folder["net.pth"], "-o", _folder["out.onnx"], "--python",
            _folder["no-python"]);
    }

    [Fact]
    public void Weights_are_not_put_into_a_model_whose_ties_are_broken()
    {
        var model = ModelFile.Read(_converted);
        var conv = model.Graph.Nodes.First(n => n.Name.EndsWith("/same2", StringComparison.Ordinal));
        conv.SetInput(1, model.Graph.AddInitializer("copy", conv.Input(1)!.Initializer!));
        OnnxFile.Write(model, _folder["broken.onnx"]);
        Fails(4, "MSSR5504", "import-weights", _folder["broken.onnx"], "--from", _converted, "-o", _folder["out.onnx"],
            "--partial");
        Assert.False(File.Exists(_folder["out.onnx"]));
    }

    [Fact]
    public void Neither_the_model_nor_the_weights_are_overwritten()
    {
        File.Copy(_converted, _folder["trained.onnx"]);
        foreach (var output in new[] { _converted, _folder["trained.onnx"] })
            Fails(2, "MSSR3006", "import-weights", _converted, "--from", _folder["trained.onnx"], "-o", output, "--force");
    }

    private static CommandRun Ok(params string[] args)
    {
        var run = CommandRun.Of(args);
        Assert.True(run.ExitCode == 0, run.Error);
        return run;
    }

    private static void Fails(int code, string id, params string[] args)
    {
        var run = CommandRun.Of(args);
        Assert.Equal(code, run.ExitCode);
        Assert.Contains($"error {id}", run.Error, StringComparison.Ordinal);
    }
}
