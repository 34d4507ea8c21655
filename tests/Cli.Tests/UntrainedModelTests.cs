using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Operators;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Cli.Tests;

/// <summary>A model that was converted and not trained yet: it is read as its source was, and said to be untrained.</summary>
public sealed class UntrainedModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public UntrainedModelTests()
    {
        WritePassThrough(_folder["net.onnx"]);
        RuntimeFiles.Image(_folder, "in/a.png");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_check_of_a_conversion_writes_how_the_source_wants_its_images()
    {
        var model = Convert();

        Assert.Equal(("rgb", "0..1", "restore"),
            (model.GetMetadata("mssr.image.colour"), model.GetMetadata("mssr.image.range"),
                model.GetMetadata("mssr.image.task")));
    }

    [Fact]
    public void Without_the_check_it_is_not_written() => Assert.Null(Convert("--no-check").GetMetadata("mssr.image.colour"));

    [Fact]
    public void Upscale_says_that_the_model_is_not_trained()
    {
        Convert();
        var run = CommandRun.Of("upscale", _folder["in/a.png"], "--model", _folder["out.onnx"], "-o", _folder["a.png"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("warning MSSR1302: out.onnx: the model isn't trained yet", run.Error, StringComparison.Ordinal);
        Assert.Contains("the model's metadata says so", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Eval_says_it_and_guesses_nothing_from_what_the_model_makes()
    {
        Convert("--no-check");
        var run = CommandRun.Of("eval", _folder["out.onnx"], "--data", _folder["in"], "--noise", "10");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("warning MSSR1302: out.onnx: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("assumed: the network isn't trained yet", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("from the truth", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_source_is_not_said_to_be_untrained()
    {
        var run = CommandRun.Of("upscale", _folder["in/a.png"], "--model", _folder["net.onnx"], "-o", _folder["a.png"]);

        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain("MSSR1302", run.Error, StringComparison.Ordinal);
    }

    private Model Convert(params string[] options)
    {
        var run = CommandRun.Of([_folder["net.onnx"], "-o", _folder["out.onnx"], .. options]);
        Assert.True(run.ExitCode == 0, run.Error);
        return ModelFile.Read(_folder["out.onnx"]);
    }

    // conv 3→8, conv 8→8, conv 8→3 that hand images between 0 and 1 through: what a well trained restoring network does to a
    // clean one.
    private static void WritePassThrough(string path)
    {
        var model = new Model(new Graph("net")) { IrVersion = 7, OpsetImports = { [""] = 13 } };
        var graph = model.Graph;
        var shape = new Shape(Dim.Known(1), Dim.Known(3), Dim.Of("height"), Dim.Of("width"));
        var x = graph.AddInput(new Value("x", new TensorType(ElementType.Float, shape)));
        x = graph.Add(
            new Node("Clip",
                [x, graph.AddInitializer("zero", TensorData.Of([0f])), graph.AddInitializer("one", TensorData.Of([1f]))],
                [new Value("c")], "clip")).Output;
        x = Conv(graph, "head", x, 3, 8);
        x = Conv(graph, "body", x, 8, 8);
        x = Conv(graph, "tail", x, 8, 3);
        x.Type = new TensorType(ElementType.Float, shape);
        graph.AddOutput(x);
        OnnxFile.Write(model, path);
    }

    private static Value Conv(Graph graph, string name, Value x, int from, int to)
    {
        var weights = new float[to * from * 9];
        for (var c = 0; c < Math.Min(from, to); c++)
            weights[(c * from + c) * 9 + 4] = 1;
        return graph.Add(
            new Node("Conv", [x, graph.AddInitializer($"{name}.weight", TensorData.Of(weights, to, from, 3, 3))],
                [new Value($"{name}_out")], name)
            .With("kernel_shape", [3, 3]).With("pads", [1, 1, 1, 1])).Output;
    }
}
