using MsSrConvert.Cli.Output;
using MsSrConvert.Training.Engine;
using MsSrConvert.TrainTool;
using TorchSharp;
using Xunit;

namespace MsSrConvert.Training.Tests.Engine;

/// <summary>A form of libtorch that computes wrong numbers isn't trained with: the next one is.</summary>
public sealed class FallbackTests : IDisposable
{
    private static readonly Scalar Wrong = 1.3.ToScalar();
    private static readonly EngineForm Right = TestStart.Form with { Name = "right", Description = "the right one" };

    // Convolutions with gradients until the middle of the training.
    private const int Late = 500;

    private readonly Workshop _workshop = new();
    private readonly StringWriter _messages = new();

    public void Dispose() => _workshop.Dispose();

    [Fact]
    public void The_next_form_takes_over_and_is_named()
    {
        Assert.Equal(0, Train("out.onnx", [WrongConvolution.Form("wrong", y => y * Wrong), Right]));
        Assert.Contains("libtorch (the wrong one) computes wrong numbers: ", _messages.ToString(), StringComparison.Ordinal);
        Assert.Contains("Going on the right one.", _messages.ToString(), StringComparison.Ordinal);
        Assert.Contains("libtorch (the right one): ", _messages.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, Train("plain.onnx", [Right]));
        Assert.Equal(File.ReadAllBytes(_workshop["plain.onnx"]), File.ReadAllBytes(_workshop["out.onnx"]));
    }

    [Fact]
    public void Where_no_form_is_right_nothing_is_trained()
    {
        Assert.Equal(4,
            Train("out.onnx",
                [WrongConvolution.Form("wrong", y => y * Wrong), WrongConvolution.Form("broken", y => y / (y - y))]));
        Assert.Contains(
            "error MSSR5606: libtorch computes wrong numbers on this processor, whichever way it is run (the wrong one; the broken one).",
            _messages.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(_workshop["out.onnx"]));
        Assert.Empty(Directory.GetFiles(_workshop["out.training"]));
    }

    [Fact]
    public void The_self_check_prints_the_first_form_that_is_right()
    {
        var output = new StringWriter();
        Assert.Equal(0, Run(["self-check"], output, [WrongConvolution.Form("wrong", y => y * Wrong), Right]));
        Assert.Equal("right", output.ToString().Trim());
    }

    [Fact]
    public void An_engine_that_goes_wrong_on_the_way_is_left_at_the_last_good_checkpoint()
    {
        var calls = 0;
        Assert.Equal(0,
            Train("out.onnx",
                [WrongConvolution.Form("tired", y => (y.requires_grad ? ++calls : calls) > Late ? y * Wrong : y), Right]));
        Assert.Contains("libtorch (the tired one) computes wrong numbers: the network's image of a training patch differs",
            _messages.ToString(), StringComparison.Ordinal);
        Assert.True(calls > Late);
        Assert.Equal(0, Train("plain.onnx", [Right]));
        Assert.Equal(File.ReadAllBytes(_workshop["plain.onnx"]), File.ReadAllBytes(_workshop["out.onnx"]));
    }

    [Fact]
    public void A_number_that_is_lost_once_is_the_engines_fault_and_no_divergence()
    {
        var calls = 0;
        Assert.Equal(0,
            Train("out.onnx",
                [WrongConvolution.Form("flaky", y => y.requires_grad && ++calls == Late ? y / (y - y) : y), Right]));
        Assert.Contains("gives numbers only when it is computed again", _messages.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("MSSR5601", _messages.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_forms_differ_in_name_and_only_the_environment_chooses()
    {
        Assert.Equal(EngineForm.All.Count, EngineForm.All.Select(f => f.Name).Distinct().Count());
        Assert.Equal(EngineForm.All[1], EngineForm.All[0].After(EngineForm.All));
        Assert.Null(EngineForm.All[^1].After(EngineForm.All));
        Assert.Equal("right", EngineForm.Requested([Right]).Name);
    }

    private int Train(string output, IReadOnlyList<EngineForm> forms) => Run(
    [
        _workshop.Network(), "--data", _workshop.Images(), "--steps", "40", "--batch", "2", "--patch", "16", "--lr", "1e-3",
        "--colour", "rgb",
        "--range", "0..1", "--threads", "1", "--output", _workshop[output], "--json",
    ], TextWriter.Null, forms);

    // Another process in the product, another call here.
    private int Run(IReadOnlyList<string> arguments, TextWriter output, IReadOnlyList<EngineForm> forms)
    {
        var console = new CommandConsole(output, _messages);
        return With(forms[0], arguments);

        int With(EngineForm form, IReadOnlyList<string> given) =>
            Program.Run([.. given], console, new EngineChoice(console, forms, form, With));
    }
}
