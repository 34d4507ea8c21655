using MsSrConvert.Operators;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Cli.Tests;

public sealed class DeployTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _net;

    public DeployTests()
    {
        _net = _folder["net.onnx"];
        TinyNet.Write(_net);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_deploy_form_is_written_beside_the_model_and_compared_with_it()
    {
        var json = Ok("deploy", _net, "--align", "8", "--json").Json();
        Assert.Equal(_folder["net.deploy.onnx"], json.GetProperty("output").GetString());
        Assert.InRange(json.GetProperty("difference").GetDouble(), 0, 1e-5);
        Assert.Equal("deploy", ModelFile.Read(_folder["net.deploy.onnx"]).GetMetadata("mssr.form"));
    }

    [Fact]
    public void Half_precision_tells_the_difference()
    {
        var difference = Ok("deploy", _net, "--target", "cuda", "--half", "--json").Json().GetProperty("difference").GetDouble();
        Assert.InRange(difference, 1e-7, 0.02);
    }

    [Fact]
    public void Converting_can_write_the_deploy_form_at_once()
    {
        Ok(_net, "--form", "deploy");
        Assert.Equal("deploy", ModelFile.Read(_folder["net.ms2.onnx"]).GetMetadata("mssr.form"));
    }

    [Fact]
    public void A_deploy_model_is_refused_whatever_is_asked_of_it()
    {
        Ok("deploy", _net);
        foreach (var run in new[] { CommandRun.Of("deploy", _folder["net.deploy.onnx"]),
            CommandRun.Of(_folder["net.deploy.onnx"]), CommandRun.Of("inspect", _folder["net.deploy.onnx"]) })
        {
            Assert.Equal(1, run.ExitCode);
            Assert.Contains("MSSR2201", run.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--align", "12")]
    [InlineData("--target", "abacus")]
    public void Options_that_make_no_sense_are_refused(string option, string value)
    {
        var run = CommandRun.Of("deploy", _net, option, value);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("MSSR3000", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_model_itself_is_never_overwritten()
    {
        var run = CommandRun.Of("deploy", _net, "-o", _net, "--force");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("MSSR3006", run.Error, StringComparison.Ordinal);
    }

    private static CommandRun Ok(params string[] args)
    {
        var run = CommandRun.Of(args);
        Assert.True(run.ExitCode == 0, run.Error);
        return run;
    }
}
