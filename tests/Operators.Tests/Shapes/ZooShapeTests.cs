using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Zoo;
using Xunit;

namespace MsSrConvert.Operators.Tests.Shapes;

/// <summary>Inference over every network of the zoo, compared with what ONNX Runtime computes.</summary>
public sealed class ZooShapeTests
{
    public static TheoryData<string> Names => [.. ZooCatalog.Entries.Select(e => e.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Symbolic_and_concrete_shapes_are_those_that_ONNX_Runtime_computes(string name)
    {
        var entry = ZooCatalog.Find(name);
        var model = entry.Create(1);
        var symbolic = ShapeInference.Infer(model);
        Assert.DoesNotContain(symbolic.Conflicts, c => c.Kind != ConflictKind.Possible);
        var inputs = model.Graph.Inputs.Where(v => v.Initializer is null).ToArray();
        // Inputs that are no images hold numbers that matter; function bodies are not entered.
        if (!entry.Runs || model.Functions.Count > 0 || inputs.Any(i => i.Shape?.Rank != 4))
            return;
        var sizes = new[] { Symbols(entry, 16, 12), Symbols(entry, 9, 21) };
        var feeds = Array.ConvertAll(sizes, s => inputs.ToDictionary(i => i, i => Concrete(i.Shape!, s)));
        var concrete = Array.ConvertAll(feeds, f => OrtShapes.InferAt(model, f));
        var values = model.Graph.Nodes.SelectMany(n => n.Outputs).OfType<Value>().ToArray();

        var actual = OrtShapes.Run(model, feeds);

        for (var i = 0; i < sizes.Length; i++)
        {
            foreach (var value in values)
            {
                var real = actual[i][value.Name];
                Assert.Equal((value.Name, Shape.Known(real)), (value.Name, concrete[i].ShapeOf(value)!));
                // A size that only meets others at some input sizes is rightly open.
                var evaluated = symbolic.ShapeOf(value)!.Select((d, axis) => d.Evaluate(sizes[i]) ?? real[axis]);
                Assert.Equal((value.Name, Shape.Known(real)), (value.Name, Shape.Known(evaluated)));
            }
        }
    }

    private static Dictionary<string, long> Symbols(ZooEntry entry, long height, long width) => new()
    {
        ["batch"] = 1,
        ["height"] = Side(entry, height),
        ["width"] = Side(entry, width),
    };

    private static long Side(ZooEntry entry, long side)
    {
        var blocks = (Math.Max(side, entry.SmallestInput) + entry.SizeMultiple - 1) / entry.SizeMultiple;
        return entry.StaticSide ?? blocks * entry.SizeMultiple;
    }

    private static long[] Concrete(Shape shape, Dictionary<string, long> symbols) =>
        [.. shape.Select((d, axis) => d.Evaluate(symbols) ?? symbols[axis == 0 ? "batch" : axis == 2 ? "height" : "width"])];
}
