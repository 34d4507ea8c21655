using MsSrConvert.Operators;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Cli.Tests;

public sealed class OutputFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _net;

    public OutputFileTests()
    {
        _net = _folder["net.onnx"];
        TinyNet.Write(_net);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("2", "net.ms2.onnx")]
    [InlineData("4", "net.ms4.onnx")]
    public void Without_o_the_result_stands_beside_the_model_and_its_name_says_the_branches(string branches, string name)
    {
        var run = CommandRun.Of(_net, "--branches", branches);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal($"wrote {_folder[name]}{Environment.NewLine}", run.Error);
        Assert.Equal([name, "net.onnx"], _folder.Names);
    }

    [Fact]
    public void O_names_the_file()
    {
        Assert.Equal(0, CommandRun.Of(_net, "-o", _folder["other.onnx"]).ExitCode);
        Assert.Equal(["net.onnx", "other.onnx"], _folder.Names);
    }

    [Fact]
    public void An_existing_file_is_not_overwritten()
    {
        File.WriteAllText(_folder["net.ms2.onnx"], "precious");
        var before = _folder.State();
        var run = CommandRun.Of(_net);
        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains("error MSSR3007: ", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, _folder.State());
    }

    [Fact]
    public void An_existing_file_is_overwritten_with_force()
    {
        File.WriteAllText(_folder["net.ms2.onnx"], "worthless");
        Assert.Equal(0, CommandRun.Of(_net, "--force").ExitCode);
        Assert.NotEmpty(ModelFile.Read(_folder["net.ms2.onnx"]).Graph.Nodes);
    }

    [Fact]
    public void The_input_is_never_overwritten() => AssertRefused(_net, _net);

    [Fact]
    public void The_input_is_never_overwritten_through_a_relative_path() =>
        AssertRefused(_net, Path.GetRelativePath(Environment.CurrentDirectory, _net));

    [Fact]
    public void The_input_is_never_overwritten_through_a_detour() =>
        AssertRefused(_net, Path.Combine(_folder.Path, ".", "x", "..", "net.onnx"));

    [Fact]
    public void The_input_is_never_overwritten_through_a_link()
    {
        var link = _folder["link.onnx"];
        File.CreateSymbolicLink(link, "net.onnx");
        AssertRefused(_net, link);
        AssertRefused(link, _net);
        AssertRefused(link, link);
    }

    [Fact]
    public void The_input_is_never_overwritten_through_a_linked_folder()
    {
        var link = _folder["linked"];
        Directory.CreateSymbolicLink(link, _folder.Path);
        try
        {
            AssertRefused(_net, Path.Combine(link, "net.onnx"));
            AssertRefused(Path.Combine(link, "net.onnx"), _net);
        }
        finally
        {
            Directory.Delete(link);
        }
    }

    [Fact]
    public void Another_name_of_the_same_content_keeps_the_input_whole()
    {
        var copy = _folder["copy.onnx"];
        File.Copy(_net, copy);
        var before = File.ReadAllBytes(_net);
        Assert.Equal(0, CommandRun.Of(_net, "-o", copy, "--force").ExitCode);
        Assert.Equal(before, File.ReadAllBytes(_net));
    }

    [Fact]
    public void Zoo_does_not_overwrite_either()
    {
        var run = CommandRun.Of("zoo", "espcn", "-o", _net);
        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains("error MSSR3007: ", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, CommandRun.Of("zoo", "espcn", "-o", _net, "--force").ExitCode);
    }

    private void AssertRefused(string input, string output)
    {
        var before = _folder.State();
        string[][] variants = [[], ["--force"]];
        foreach (var more in variants)
        {
            var run = CommandRun.Of([input, "-o", output, .. more]);
            Assert.Equal(ExitCodes.Usage, run.ExitCode);
            Assert.Contains("error MSSR3006: ", run.Error, StringComparison.Ordinal);
            Assert.Equal(before, _folder.State());
        }
    }
}
