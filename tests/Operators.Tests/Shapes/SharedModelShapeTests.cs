using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Operators.Tests.Shapes;

/// <summary>Inference over the real models, compared with what ONNX Runtime computes.</summary>
public sealed class SharedModelShapeTests
{
    public static TheoryData<string> Models => [.. SharedModels.Names];

    [SharedTheory]
    [MemberData(nameof(Models))]
    public void Every_value_has_an_element_type_and_a_rank_and_no_dimension_provably_differs(string name)
    {
        var model = Read(name);

        var map = ShapeInference.Infer(model);

        var values = model.Graph.Nodes.SelectMany(n => n.Outputs).OfType<Value>();
        Assert.DoesNotContain(values, v => map.ShapeOf(v) is null || map.TypeOf(v)!.Element == ElementType.Undefined);
        Assert.DoesNotContain(map.Conflicts, c => c.Kind != ConflictKind.Possible);
    }

    [SharedTheory]
    [MemberData(nameof(Models))]
    public void Symbolic_and_concrete_shapes_are_those_that_ONNX_Runtime_computes(string name)
    {
        var model = Read(name);
        var input = model.Graph.Inputs.Single(v => v.Initializer is null);
        var symbolic = ShapeInference.Infer(model);
        var sizes = Sizes(name, input.Shape!);
        var feeds = sizes.ConvertAll(s => new Dictionary<Value, long[]> { [input] = s });
        var concrete = feeds.ConvertAll(f => OrtShapes.InferAt(model, f));
        var values = model.Graph.Nodes.SelectMany(n => n.Outputs).OfType<Value>().ToArray();

        var actual = OrtShapes.Run(model, feeds);

        for (var i = 0; i < sizes.Count; i++)
        {
            var symbols = Bind(input.Shape!, sizes[i]);
            foreach (var value in values)
            {
                Assert.Equal((value.Name, Text(actual[i][value.Name])), (value.Name, concrete[i].ShapeOf(value)!.ToString()));
                AssertAgrees(value, symbolic.ShapeOf(value)!, symbols, actual[i][value.Name], mayBeOpen: name.Contains("UNet"));
            }
        }
    }

    private static void AssertAgrees(Value value, Shape shape, Dictionary<string, long> symbols, long[] actual, bool mayBeOpen)
    {
        Assert.Equal(shape.Rank, actual.Length);
        for (var axis = 0; axis < actual.Length; axis++)
        {
            // Skips of a U-Net only meet at multiples of its downscale; for any other size what follows is rightly open.
            if (mayBeOpen && (shape[axis].IsUnknown || shape[axis].ToString().StartsWith("out_", StringComparison.Ordinal)))
                continue;
            Assert.True(shape[axis].Evaluate(symbols) == actual[axis],
                $"{value.Name}: {shape} at [{string.Join(", ", symbols)}] isn't {Text(actual)}");
        }
    }

    private static List<long[]> Sizes(string name, Shape declared)
    {
        var (even, odd) = name.Contains("UNet") ? ((64L, 32L), (96L, 64L)) : ((48L, 40L), (37L, 53L));
        return [With(declared, even, 1), With(declared, odd, 2)];
    }

    private static long[] With(Shape declared, (long Height, long Width) size, long batch)
    {
        var spatial = new Queue<long>([size.Height, size.Width]);
        return [.. declared.Select((d, i) => d.IsKnown ? d.Value : i == 0 ? batch : spatial.Dequeue())];
    }

    private static Dictionary<string, long> Bind(Shape declared, long[] size) =>
        declared.Zip(size).Where(d => d.First.IsSymbolic).ToDictionary(d => d.First.ToString(), d => d.Second);

    private static string Text(long[] dims) => $"[{string.Join(", ", dims)}]";

    private static Model Read(string name) => ModelFile.Read(SharedModels.PathOf(Path.Combine("models", name)));
}
