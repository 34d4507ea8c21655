using MsSrConvert.GraphIR.Text;
using Snapshooter.Xunit;
using Xunit;

namespace MsSrConvert.GraphIR.Tests.Text;

public sealed class IrPrinterTests
{
    [Fact]
    public void A_model_prints_as_its_snapshot() => Snapshot.Match(IrPrinter.Print(Model()));

    [Fact]
    public void Printing_twice_gives_the_same_text() => Assert.Equal(IrPrinter.Print(Model()), IrPrinter.Print(Model()));

    private static Model Model()
    {
        var graph = new Graph("main");
        var x = graph.AddInput(new Value("x", new TensorType(ElementType.Float, new Shape(1, 3, Dim.Of("height"), Dim.Unknown))));
        var flag = graph.AddInput(new Value("flag", new TensorType(ElementType.Bool, new Shape())));
        var w = graph.AddInitializer("w", TensorData.Of(new float[9], 1, 1, 3, 3));
        var scales = graph.AddInitializer("scales", TensorData.Of([1f, 1f, 2f, 0.5f], 4));
        graph.AddInitializer("axes", TensorData.Of([-1L, 2L], 2));
        ReadOnlyMemory<byte>[] strings = ["a\"b"u8.ToArray(), "line\nend"u8.ToArray()];
        graph.AddInitializer("names", new TensorData(ElementType.String, [2], ReadOnlyMemory<byte>.Empty) { Strings = strings });
        graph.AddInitializer("packed", new TensorData(ElementType.Int4, [3], new byte[] { 0x12, 0x03 }));
        var first = graph.Add(new Node("Conv", [x, w], [new Value("c1")], "conv1"));
        first.With("pads", [1, 1, 1, 1]).With("auto_pad", "NOTSET");
        var second = graph.Add(new Node("Conv", [first.Output, w], [new Value("c2", x.Type)]));
        second.Metadata.Add(new("mssr.role", "interaction"));
        second.Metadata.Add(new("stack", "many\nlines"));
        var resize = new Node("Resize", [second.Output, null, scales], [new Value("up"), null, new Value("rest")], "resize");
        graph.Add(resize).With("alpha", 1f);
        graph.AddOutput(graph.Add(Branch(flag, first.Output)).Output);
        graph.AddOutput(second.Output);
        var model = new Model(graph)
        {
            ProducerName = "maker",
            ProducerVersion = "1.0",
            OpsetImports = { [""] = 13, ["com.example"] = 2 },
            Functions = { Function() },
        };
        model.SetMetadata("mssr.branches", "2");
        return model;
    }

    private static Node Branch(Value flag, Value captured)
    {
        var inner = new Graph("then");
        inner.AddOutput(inner.Add(new Node("Neg", [captured], [new Value("n")])).Output);
        return new Node("If", [flag], [new Value("y")], "branch")
            .With("then_branch", new GraphAttribute(inner))
            .With("value", new TensorAttribute(TensorData.Of([5L])))
            .With("kinds", new OtherAttribute("TypeProto", new byte[] { 1, 2, 3 }));
    }

    private static Function Function()
    {
        var body = new Graph("Twice");
        var a = body.AddInput(new Value("a"));
        var call = body.Add(new Node("Scale", [a], [new Value("b")], domain: "com.example"));
        body.AddOutput(call.With("by", new ReferenceAttribute("factor", 1)).Output);
        return new Function("com.example", "Twice", body)
        {
            Attributes = { "factor" },
            DefaultAttributes = { ["bias"] = new FloatAttribute(0.25f) },
            OpsetImports = { ["com.example"] = 2 },
        };
    }
}
