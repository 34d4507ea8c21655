using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using Xunit;

namespace MsSrConvert.Runtime.Tests;

public class ModelCheckTests
{
    private static readonly Dictionary<string, Shape> Inputs = new() { ["x"] = Shape.Known(1, 3, 8, 8) };
    private static readonly Dictionary<string, Shape> Outputs = new() { ["y"] = Shape.Known(1, 3, 16, 16) };

    [Fact]
    public void A_model_that_runs_and_gives_the_shape_passes() => ModelCheck.Run(Enlarge([1, 1, 2, 2]), "net", Inputs, Outputs);

    [Fact]
    public void Another_shape_than_the_sources_is_told()
    {
        var error = Assert.Throws<MsSrException>(() => ModelCheck.Run(Enlarge([1, 1, 2, 3]), "net", Inputs, Outputs));
        Assert.Equal("MSSR5103", error.Diagnostic.Id);
        Assert.Contains("float[1, 3, 16, 24] where the source gives [1, 3, 16, 16]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_are_not_finite_are_told()
    {
        var error = Assert.Throws<MsSrException>(() => ModelCheck.Run(Enlarge([1, 1, 2, 2], "Log"), "net", Inputs, Outputs));
        Assert.Equal("MSSR5102", error.Diagnostic.Id);
    }

    [Fact]
    public void A_list_of_factors_is_fed_ones() =>
        ModelCheck.Run(Enlarge(null), "net", Inputs, new Dictionary<string, Shape> { ["y"] = Shape.Known(1, 3, 8, 8) });

    [Theory]
    [InlineData("x", "y", true)]
    [InlineData("x,z", "y", false)]
    [InlineData("z", "y", false)]
    [InlineData("x", "z", false)]
    [InlineData("x", "y,y", false)]
    [InlineData("x", "", false)]
    public void Other_inputs_or_outputs_than_the_sources_are_told(string inputs, string outputs, bool isSame)
    {
        var model = OnnxFile.Parse(Enlarge([1, 1, 2, 2]));
        void Check() => ModelCheck.RequireInterface(model, "net", Names(inputs), Names(outputs));
        if (isSame)
        {
            Check();
            return;
        }

        var error = Assert.Throws<MsSrException>(Check);
        Assert.Equal("MSSR5106", error.Diagnostic.Id);
        Assert.Contains("where the source has", error.Message, StringComparison.Ordinal);

        static string[] Names(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public void Outputs_in_another_order_are_told()
    {
        var graph = new Graph("net");
        var x = graph.AddInput(new Value("x", new TensorType(ElementType.Float, Shape.Known(1))));
        foreach (var name in new[] { "a", "b" })
            graph.AddOutput(graph.Add(new Node("Relu", [x], [new Value(name)])).Output);
        var model = new Model(graph);

        ModelCheck.RequireInterface(model, "net", ["x"], ["a", "b"]);
        var error = Assert.Throws<MsSrException>(() => ModelCheck.RequireInterface(model, "net", ["x"], ["b", "a"]));
        Assert.Contains("its outputs are 'a', 'b' where the source has 'b', 'a'", error.Message, StringComparison.Ordinal);
    }

    // y = Resize(operator(x - x)); null takes the factors from an input.
    private static byte[] Enlarge(float[]? factors, string op = "Relu")
    {
        var model = new Model(new Graph("net")) { IrVersion = 7 };
        model.OpsetImports[""] = 13;
        var graph = model.Graph;
        var shape = new Shape(Dim.Known(1), Dim.Known(3), Dim.Of("height"), Dim.Of("width"));
        var x = graph.AddInput(new Value("x", new TensorType(ElementType.Float, shape)));
        var scales = factors is null
            ? graph.AddInput(new Value("scales", new TensorType(ElementType.Float, Shape.Known(4))))
            : graph.AddInitializer("scales", TensorData.Of(factors, 4));
        var zero = graph.Add(new Node("Sub", [x, x], [new Value("zero")])).Output;
        var value = graph.Add(new Node(op, [zero], [new Value("value")])).Output;
        var y = new Value("y", new TensorType(ElementType.Float, null));
        graph.AddOutput(graph.Add(new Node("Resize", [value, null, scales], [y]).With("mode", "nearest")).Output);
        return OnnxFile.ToBytes(model);
    }
}
