using System.Globalization;
using MsSrConvert.GraphIR;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Normalize;
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
            Activations.Select(c => c.OpType).Distinct().Order(StringComparer.Ordinal));

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
