using Microsoft.ML.OnnxRuntime;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Operators.Tests.Shapes;
using MsSrConvert.Operators.Versions;
using Xunit;

namespace MsSrConvert.Operators.Tests.Versions;

/// <summary>What an operator is decomposed into computes the same, for random inputs.</summary>
public sealed class DecompositionTests
{
    private static readonly (string Op, int Opset, string Inputs, string Attributes)[] Tried =
    [
        ("CastLike", 15, "[2,6,5,4]; [1]", ""),
        ("Gelu", 20, "[2,6,5,4]", ""),
        ("Gelu", 20, "[2,6,5,4]", "approximate=tanh"),
        ("GroupNormalization", 18, "[2,6,5,4]; float{1,2,3}; float{0.5,0,-1}", "num_groups=3"),
        ("GroupNormalization", 21, "[2,6,5,4]; float{1,2,3,4,5,6}; float{0.5,0,-1,1,0,2}", "num_groups=2 epsilon=0.01"),
        ("HardSwish", 14, "[2,6,5,4]", ""),
        ("LayerNormalization", 17, "[2,6,5,4]; float{1,2,3,4}; float{0.5,0,-1,1}", ""),
        ("LayerNormalization", 17, "[2,6,5,4]; float{1,2,3,4}", "axis=-1 epsilon=0.01"),
        ("Mish", 18, "[2,6,5,4]", ""),
        ("RMSNormalization", 23, "[2,6,5,4]; float{1,2,3,4}", ""),
        ("Swish", 24, "[2,6,5,4]", ""),
        ("Swish", 24, "[2,6,5,4]", "alpha=1.7"),
    ];

    // For back ends. Defaults are left out where they are what is tried.
    private static readonly (string Op, int Opset, string Inputs, string Attributes)[] TriedForBackEnds =
    [
        ("BatchNormalization", 15, "[2,3,5,4]; float{1,2,3}; float{0.5,0,-1}; float{0,1,-1}; float{0.01,0.5,2}", "epsilon=0.1"),
        ("HardSigmoid", 13, "[2,6,5,4]", ""),
        ("HardSigmoid", 13, "[2,6,5,4]", "alpha=0.3 beta=0.1"),
        ("LogSoftmax", 13, "[2,6,5,4]", "axis=1"),
        ("LpPool", 18, "[2,6,5,4]", "kernel_shape=3,3 pads=1,1,1,1 p=2"),
        ("ReduceLogSumExp", 13, "[2,6,5,4]", "axes=[1] keepdims=0"),
        ("ReduceLogSumExp", 13, "[2,6,5,4]", "axes=[2,3]"),
        ("Shrink", 13, "[2,6,5,4]", "lambd=1.5 bias=0.5"),
        ("Softmax", 13, "[2,6,5,4]", ""),
        ("Softmax", 13, "[2,6,5,4]", "axis=1"),
    ];

    public static IEnumerable<object[]> Cases =>
        Tried.Concat(TriedForBackEnds).Select(c => new object[] { c.Op, c.Opset, c.Inputs, c.Attributes });

    [Theory, MemberData(nameof(Cases))]
    public void It_computes_the_same(string op, int opset, string inputs, string attributes)
    {
        var test = new OneNode(opset, op, inputs, attributes, 1);
        test.Node.Output.Type = new TensorType(ElementType.Float, null);
        test.Model.IrVersion = IrVersions.ForOpset(opset);
        // ONNX Runtime has no kernel for the newest ones.
        var expected = op == "Swish" ? Swish(test.Node, Random(Shape.Known(2, 6, 5, 4))) : Run(test.Model);

        var step = new RewriteStep(test.Node, opset, opset, new Emitter(test.Model), Shapes(test.Model), _ => { });
        OperatorTable.Find(op)!.Decomposition!(step);

        Assert.DoesNotContain(test.Model.Graph.Nodes, n => n.OpType == op);
        if (op is "Swish")
            test.Model.OpsetImports[""] = 21;
        else if (op is "LayerNormalization")
            test.Model.OpsetImports[""] = 13;
        var actual = Run(test.Model);
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-5f));
    }

    // Those of older operators are for back ends; the conformance suite tries all of them there.
    [Fact]
    public void Every_decomposition_that_a_conversion_may_need_is_tried() =>
        Assert.Equal(
            OperatorTable.All.Where(o => o.Decomposition is not null && o.Versions[0].Opset > OpsetRange.Oldest)
                .Select(o => o.Name).Order(StringComparer.Ordinal),
            Tried.Select(c => c.Op).Distinct().Order(StringComparer.Ordinal));

    private static Lazy<ShapeMap> Shapes(Model model) => new(() => ShapeInference.Infer(model));

    private static float[] Swish(Node node, float[] x)
    {
        var alpha = node.FloatOf("alpha");
        return Array.ConvertAll(x, v => v / (1 + MathF.Exp(-alpha * v)));
    }

    private static float[] Random(Shape shape)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, (int)shape.ElementCount.Value).Select(_ => random.NextSingle() * 6 - 3)];
    }

    private static float[] Run(Model model)
    {
        using var session = new InferenceSession(OnnxFile.ToBytes(model));
        var feeds = model.Graph.Inputs.ToDictionary(
            i => i.Name, i => OrtValue.CreateTensorValueFromMemory(Random(i.Shape!), i.Shape!.ToArray()));
        try
        {
            using var run = new RunOptions();
            using var outputs = session.Run(run, feeds, session.OutputNames);
            return outputs[0].GetTensorDataAsSpan<float>().ToArray();
        }
        finally
        {
            foreach (var feed in feeds.Values)
                feed.Dispose();
        }
    }
}
