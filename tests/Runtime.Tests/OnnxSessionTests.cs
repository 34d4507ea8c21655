using MsSrConvert.GraphIR;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Runtime.Tests;

public class OnnxSessionTests
{
    [SharedFact]
    public void A_model_states_its_input_and_output_with_symbolic_dimensions()
    {
        using var session = OnnxSession.Open(TestFiles.Model("IMDN_baseline"));

        var input = Assert.Single(session.Inputs);
        Assert.Equal("float[1, 3, height, width]", input.ToString());
        Assert.Single(session.Outputs);
    }

    [SharedFact]
    public void A_model_runs_and_gives_the_scaled_shape()
    {
        using var session = OnnxSession.Open(TestFiles.Model("IMDN_baseline"), new OnnxSessionOptions { Threads = 1 });

        var output = session.Run(RandomInput.For(session.Inputs[0], 11, 7));

        Assert.Equal([1, 3, 44, 28], output.Dims);
        Assert.True(output.IsFinite());
    }

    [SharedFact]
    public void A_model_from_bytes_gives_what_the_file_gives()
    {
        var path = TestFiles.Model("ESPCN_rgb");
        using var fromFile = OnnxSession.Open(path);
        using var fromBytes = OnnxSession.Open(File.ReadAllBytes(path), "bytes");
        var input = RandomInput.For(fromFile.Inputs[0], 12, 10, seed: 3);

        Assert.Equal(0, fromFile.Run(input).MaxDifference(fromBytes.Run(input)));
    }

    [SharedFact]
    public void Initializers_listed_as_inputs_need_not_be_given()
    {
        using var session = OnnxSession.Open(TestFiles.Model("super-resolution-10"));

        Assert.Single(session.Inputs);
    }

    [SharedFact]
    public void A_tensor_of_the_wrong_shape_is_an_error_that_states_both_shapes()
    {
        using var session = OnnxSession.Open(TestFiles.Model("IMDN_baseline"));

        var error = Assert.Throws<MsSrException>(() => session.Run(Tensor.Zeros(1, 1, 8, 8)));

        Assert.Equal("MSSR5003", error.Diagnostic.Id);
        Assert.Contains("float[1, 1, 8, 8]", error.Message);
        Assert.Contains("float[1, 3, height, width]", error.Message);
    }

    [SharedFact]
    public void A_size_the_model_can_not_take_is_an_error_of_running()
    {
        using var session = OnnxSession.Open(TestFiles.Model("noise2noise-UNet"));

        var error = Assert.Throws<MsSrException>(() => session.Run(Tensor.Zeros(1, 3, 33, 35)));

        Assert.Equal("MSSR5002", error.Diagnostic.Id);
        Assert.Contains("float[1, 3, 33, 35]", error.Message);
    }

    [SharedFact]
    public void A_missing_input_and_an_unknown_one_are_named()
    {
        using var session = OnnxSession.Open(TestFiles.Model("IMDN_baseline"));
        var name = session.Inputs[0].Name;
        var tensor = Tensor.Zeros(1, 3, 8, 8);

        var missing = Assert.Throws<MsSrException>(() => session.Run(new Dictionary<string, Tensor>()));
        var unknown = Assert.Throws<MsSrException>(() =>
            session.Run(new Dictionary<string, Tensor> { [name] = tensor, ["other"] = tensor }));

        Assert.Contains($"'{name}' was not given", missing.Message);
        Assert.Contains("no input 'other'", unknown.Message);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<MsSrException>(() => OnnxSession.Open("nowhere.onnx"));

        Assert.Equal("MSSR1001: nowhere.onnx: There is no such file. Check the path's spelling.", error.Message);
    }

    [Fact]
    public void Bytes_that_are_no_model_are_refused()
    {
        var error = Assert.Throws<MsSrException>(() => OnnxSession.Open([1, 2, 3], "three bytes"));

        Assert.Equal("MSSR5001", error.Diagnostic.Id);
        Assert.Equal("three bytes", error.Diagnostic.Where);
    }
}
