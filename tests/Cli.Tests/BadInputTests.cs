using System.Text.RegularExpressions;
using MsSrConvert.Tests.Common;
using Snapshooter;
using Snapshooter.Xunit;
using Xunit;

namespace MsSrConvert.Cli.Tests;

/// <summary>Every mistake gives a message with an id, the documented exit code, and leaves every file as it was.</summary>
public sealed partial class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BadInputTests() => TinyNet.Write(_folder["net.onnx"]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a_missing_file", 3, "missing.onnx")]
    [InlineData("a_folder", 3, "folder")]
    [InlineData("an_empty_file", 3, "empty.onnx")]
    [InlineData("a_text_file", 3, "text.onnx")]
    [InlineData("bytes_of_another_kind", 3, "noise.onnx")]
    [InlineData("a_checkpoint", 3, "checkpoint.pth")]
    [InlineData("half_a_model", 3, "half.onnx")]
    [InlineData("the_first_bytes_of_a_model", 3, "start.onnx")]
    [InlineData("a_model_without_convs", 1, "double.onnx")]
    [InlineData("one_branch", 2, "net.onnx", "-n", "1")]
    [InlineData("99_branches", 2, "net.onnx", "-n", "99")]
    [InlineData("more_branches_than_channels", 1, "narrow.onnx", "-n", "8")]
    [InlineData("alignment_zero", 2, "net.onnx", "--channel-align", "0")]
    [InlineData("an_opset_too_old", 2, "net.onnx", "--opset", "12")]
    [InlineData("an_opset_of_the_future", 2, "net.onnx", "--opset", "99")]
    [InlineData("an_unknown_start", 2, "net.onnx", "--init", "zeros")]
    [InlineData("an_input_shape_of_another_rank", 2, "net.onnx", "--input-shape", "3x64x64")]
    [InlineData("an_input_shape_of_another_depth", 2, "net.onnx", "--input-shape", "1x4x64x64")]
    [InlineData("an_input_shape_in_words", 2, "net.onnx", "--input-shape", "1x3xHxW")]
    [InlineData("an_input_shape_of_no_pixels", 2, "net.onnx", "--input-shape", "1x3x0x64")]
    [InlineData("branches_that_end_nowhere", 2, "net.onnx", "--fuse-at", "body7")]
    [InlineData("branches_that_begin_nowhere", 2, "net.onnx", "--separate-at", "body7")]
    [InlineData("no_upscaling_to_end_at", 1, "net.onnx", "--fuse-at", "upsampler")]
    [InlineData("everything_kept", 1, "net.onnx", "--keep", "*")]
    [InlineData("an_output_in_no_folder", 3, "net.onnx", "-o", "nowhere/out.onnx")]
    [InlineData("an_output_below_a_file", 3, "net.onnx", "-o", "text.onnx/out.onnx")]
    [InlineData("an_output_that_is_a_folder", 3, "net.onnx", "-o", "folder")]
    [InlineData("a_dump_into_a_file", 2, "net.onnx", "--dump-passes", "text.onnx")]
    [InlineData("weights_that_are_not_finite", 4, "infinite.onnx")]
    public void It_is_told(string what, int exitCode, string model, params string[] options)
    {
        WriteFiles();
        var before = _folder.State();
        var run = CommandRun.Of([_folder[model], .. options.Select(InFolder)]);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal(before, _folder.State());
        Assert.Empty(run.Out);
        Assert.Matches(DiagnosticLine(), run.Error);
        Snapshot.Match(_folder.Neutral(run.Error.ReplaceLineEndings("\n")), SnapshotNameExtension.Create(what));
    }

    [Theory]
    [InlineData(3, "missing.onnx")]
    [InlineData(1, "double.onnx")]
    [InlineData(2, "net.onnx", "-n", "1")]
    [InlineData(1, "net.onnx", "--keep", "*")]
    public void Inspect_ends_alike(int exitCode, string model, params string[] options)
    {
        WriteFiles();
        var before = _folder.State();
        var run = CommandRun.Of(["inspect", _folder[model], .. options]);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal(before, _folder.State());
        Assert.Matches(DiagnosticLine(), run.Error);
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file_whole()
    {
        TinyNet.Write(_folder["infinite.onnx"], scale: float.PositiveInfinity);
        File.WriteAllText(_folder["infinite.ms2.onnx"], "the result of last week");
        var before = _folder.State();
        Assert.Equal(ExitCodes.ValidationFailed, CommandRun.Of(_folder["infinite.onnx"], "--force").ExitCode);
        Assert.Equal(before, _folder.State());
    }

    [Fact]
    public void An_unknown_network_of_the_zoo_is_told_and_near_ones_named()
    {
        var run = CommandRun.Of("zoo", "srres", "-o", _folder["x.onnx"]);
        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Equal("error MSSR3101: The zoo has no network 'srres'. It has srresnet, srresnet-small, srresnet-bn.",
            run.Error.TrimEnd());
        Assert.Equal(["net.onnx"], _folder.Names);
    }

    [Fact]
    public void A_zoo_network_for_no_folder_is_told()
    {
        var run = CommandRun.Of("zoo", "espcn", "-o", _folder["nowhere/x.onnx"]);
        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Contains("error MSSR1014: ", run.Error, StringComparison.Ordinal);
    }

    private void WriteFiles()
    {
        Directory.CreateDirectory(_folder["folder"]);
        File.WriteAllText(_folder["empty.onnx"], "");
        File.WriteAllText(_folder["text.onnx"], "model: see attachment\n");
        File.WriteAllBytes(_folder["checkpoint.pth"], [.. "PK"u8, 3, 4, 0, 0, 0, 0]);
        File.WriteAllBytes(_folder["noise.onnx"], [.. Enumerable.Range(1, 5000).Select(i => (byte)(i * i * 7 % 253))]);
        var whole = File.ReadAllBytes(_folder["net.onnx"]);
        File.WriteAllBytes(_folder["half.onnx"], whole[..(whole.Length / 2)]);
        File.WriteAllBytes(_folder["start.onnx"], whole[..10]);
        TinyNet.WriteWithoutConvs(_folder["double.onnx"]);
        TinyNet.Write(_folder["narrow.onnx"], channels: 6);
        TinyNet.Write(_folder["infinite.onnx"], scale: float.PositiveInfinity);
    }

    // Option values that name files of the test stand in its folder.
    private string InFolder(string option) =>
        option.Contains('/') || option is "folder" or "text.onnx" ? _folder[option] : option;

    [GeneratedRegex(@"^error MSSR\d{4}: .{10,}")]
    private static partial Regex DiagnosticLine();
}
