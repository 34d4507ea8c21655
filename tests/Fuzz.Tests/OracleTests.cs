using MsSrConvert.Fuzz.Running;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using Xunit;

namespace MsSrConvert.Fuzz.Tests;

/// <summary>The oracle sees what it is there for.</summary>
public sealed class OracleTests
{
    [Theory]
    [InlineData("same", "same", "same", OutcomeClass.Converted, "")]
    [InlineData("twice", "same", "same", OutcomeClass.Difference, "normal form: values")]
    [InlineData("cut", "same", "same", OutcomeClass.Difference, "normal form: shape")]
    [InlineData("same", "twice", "same", OutcomeClass.Difference, "deploy form: values")]
    [InlineData("same", "cut", "cut", OutcomeClass.Difference, "converted: shape")]
    [InlineData("same", "same", "twice", OutcomeClass.Difference, "deploy form: values")]
    [InlineData("same", "other", "same", OutcomeClass.Difference, "converted: inputs and outputs")]
    [InlineData("same", "broken", "same", OutcomeClass.Difference, "converted isn't loaded")]
    public void What_differs_from_the_source_is_told(string normal, string converted, string deployed, object kind, string where)
    {
        var outcome = new Oracle(_ => { }).Judge(Net("same"), Net(normal), Net(converted), Net(deployed));

        Assert.Equal(((OutcomeClass)kind, where), (outcome.Class, outcome.Where));
    }

    [Theory]
    [InlineData("broken", "source isn't loaded")]
    [InlineData("infinite", "source isn't finite")]
    [InlineData("random", "source is random")]
    public void Of_a_source_that_is_no_measure_nothing_is_said(string source, string where)
    {
        var outcome = new Oracle(_ => { }).Judge(Net(source), Net("same"), Net("same"), Net("same"));

        Assert.Equal((OutcomeClass.Unjudged, where), (outcome.Class, outcome.Where));
    }

    // y = x + x, or something near it.
    private static byte[] Net(string kind)
    {
        var graph = new Graph("net");
        var shape = new Shape(Dim.Known(1), Dim.Known(3), Dim.Of("height"), Dim.Of("width"));
        var x = graph.AddInput(new Value("x", new TensorType(ElementType.Float, shape)));
        var y = new Value(kind == "other" ? "z" : "y", new TensorType(ElementType.Float, null));
        var (type, inputs) = kind == "broken" ? ("Add", new[] { x }) : ("Sum", [x, x]);
        var sum = graph.Add(new Node(type, inputs, [new Value("sum")])).Output;
        graph.AddOutput(graph.Add(kind switch
        {
            "twice" => new Node("Sum", [sum, sum], [y]),
            "cut" => new Node("Slice",
                [sum, Ints("starts", 0), Ints("ends", -1), Ints("axes", 3)], [y]),
            "infinite" => new Node("Log", [graph.Add(new Node("Sub", [x, x], [new Value("zero")])).Output], [y]),
            "random" => new Node("RandomUniformLike", [sum], [y]),
            _ => new Node("Identity", [sum], [y]),
        }).Output);
        var model = new Model(graph) { IrVersion = 8 };
        model.OpsetImports[""] = 17;
        return OnnxFile.ToBytes(model);

        Value Ints(string name, long value) => graph.AddInitializer(name, TensorData.Of([value], 1));
    }
}
