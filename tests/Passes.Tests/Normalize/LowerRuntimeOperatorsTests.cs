using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Method;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Passes.Tests.Support;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Passes.Tests.Normalize;

public class LowerRuntimeOperatorsTests
{
    // The operator, the opset, the lengths of the inputs behind the first, an attribute, and what becomes of it.
    private static readonly (string OpType, int Opset, string More, string Attribute, string Expected)[] Activations =
    [
        ("Gelu", 13, "", "", "Mul Erf Add Mul Mul"),
        ("Gelu", 20, "", "", "Gelu"),
        ("BiasGelu", 13, "12", "", "Add Mul Erf Add Mul Mul"),
        ("BiasGelu", 20, "12", "", "Add Gelu"),
        ("FastGelu", 20, "", "", "Gelu"),
        ("FastGelu", 20, "12", "", "Add Gelu"),
        ("QuickGelu", 13, "", "", "Mul Sigmoid Mul"),
        ("QuickGelu", 13, "", "alpha", "Sigmoid Mul"),
    ];

    public static IEnumerable<object[]> Cases =>
        Activations.Select(c => new object[] { c.OpType, c.Opset, c.More, c.Attribute, c.Expected });

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_activation_is_written_in_onnx_operators(
        string opType, int opset, string more, string attribute, string expected)
    {
        var net = Of(opType, opset, [1, 4, 6, 12], more.Length > 0 ? [[long.Parse(more, CultureInfo.InvariantCulture)]] : []);
        if (attribute.Length > 0)
            net.Graph.Nodes[0].With(attribute, 1f);

        Assert.Equal(1, net.Apply(new LowerRuntimeOperators()));

        Assert.Equal(expected, net.Operators());
        Assert.Equal("y", net.Graph.Outputs.Single().Name);
        Assert.DoesNotContain(OperatorTable.RuntimeDomain, net.Model.OpsetImports.Keys);
    }

    [Fact]
    public void Every_known_operator_is_tried() =>
        Assert.Equal(
            OperatorTable.OfRuntime.Select(o => o.Name).Order(StringComparer.Ordinal),
            Activations.Select(c => c.OpType).Append("FusedConv").Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("Relu", "", 13, "Conv Add Relu")]
    [InlineData("Tanh", "", 13, "Conv Add Tanh")]
    [InlineData("Sigmoid", "", 13, "Conv Add Sigmoid")]
    [InlineData("LeakyRelu", "0.3", 13, "Conv Add LeakyRelu")]
    [InlineData("HardSigmoid", "0.3 0.4", 13, "Conv Add HardSigmoid")]
    [InlineData("Clip", "-0.1 0.5", 13, "Conv Add Clip")]
    [InlineData("Clip", "-0.1 0.5", 10, "Conv Add Clip")]
    public void A_fused_convolution_is_taken_apart(string activation, string parameters, int opset, string expected)
    {
        var net = FusedConv(opset, activation, parameters);

        Assert.Equal(1, net.Apply(new LowerRuntimeOperators()));

        Assert.Equal(expected, net.Operators());
        Assert.Equal([2L, 2], net.Graph.Nodes[0].GetInts("strides")!);
    }

    [Fact]
    public void A_fused_convolution_with_an_activation_that_is_not_known_is_declined() =>
        Assert.Contains("its activation 'Mish' with 0 parameters isn't known",
            Assert.Throws<MsSrException>(
                () => FusedConv(13, "Mish", "").Apply(new LowerRuntimeOperators(), compare: false)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_network_that_onnx_runtime_optimized_converts_as_it_did_before()
    {
        using var folder = new TemporaryFolder();
        var path = folder["optimized.onnx"];
        using (var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
            OptimizedModelFilePath = path,
        })
        using (new InferenceSession(OnnxFile.ToBytes(Network()), options))
        {
        }

        var optimized = ModelFile.Read(path);
        Assert.Contains(optimized.Graph.Nodes, n => n.OpType == "FusedConv");
        Assert.Equal(Roles(Network()), Roles(optimized));

        static Model Network() => TinyGraphs.Between((net, x) => net.Relu(net.Conv(x, "middle", 12, 3)));
        static IEnumerable<ConvRole> Roles(Model model) =>
            Converter.Convert(model, new ConversionOptions(), new SliceInitializer()).Plan.Convs.Select(c => c.Role);
    }

    [Fact]
    public void An_operator_that_is_not_known_stays_and_so_does_its_set()
    {
        var net = Of("Inverse", 13, [1, 4, 6, 6], []);

        Assert.Equal(0, net.Apply(new LowerRuntimeOperators()));

        Assert.Contains(OperatorTable.RuntimeDomain, net.Model.OpsetImports.Keys);
    }

    [Fact]
    public void One_of_the_same_name_in_another_set_stays()
    {
        var net = Of("Gelu", 13, [1, 4, 6, 6], []);
        net.Graph.Nodes[0].Domain = "com.example";
        net.Model.OpsetImports["com.example"] = 1;

        Assert.Equal(0, net.Apply(new LowerRuntimeOperators(), compare: false));
    }

    // With stride 2, a bias and a summand.
    private static TestNet FusedConv(int opset, string activation, string parameters)
    {
        var net = Of("FusedConv", opset, [1, 4, 6, 8], [[5, 4, 3, 3], [5], [1, 5, 3, 4]]);
        var values = parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(p => float.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        net.Graph.Nodes[0].With("pads", [1L, 1, 1, 1]).With("strides", [2L, 2]).With("activation", activation);
        if (values.Length > 0)
            net.Graph.Nodes[0].With("activation_params", new FloatsAttribute(values));
        return net;
    }

    private static TestNet Of(string opType, int opset, long[] input, long[][] weights)
    {
        var net = new TestNet(opset, opset > 18 ? 9 : 8);
        net.Model.OpsetImports[OperatorTable.RuntimeDomain] = 1;
        var x = net.Input("x", [.. input.Select(d => (Dim)d)]);
        var node = net.NodeTo(opType, ["y"], [x, .. weights.Select((dims, i) => net.Weights($"w{i}", dims))]);
        node.Domain = OperatorTable.RuntimeDomain;
        return net.Output(node.Output);
    }
}
