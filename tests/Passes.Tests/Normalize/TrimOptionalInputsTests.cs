using MsSrConvert.Passes.Normalize;
using Xunit;

namespace MsSrConvert.Passes.Tests.Normalize;

public class TrimOptionalInputsTests
{
    [Fact]
    public void Empty_tensors_of_a_resize_become_absent()
    {
        var net = new TestNet(11);
        var x = net.Input("x", 1, 4, 8, 12);
        var (roi, scales, sizes) = (net.Floats("roi", [], 0), net.Floats("scales", [], 0), net.Ints("sizes", 1, 4, 16, 30));
        var node = net.Node("Resize", x, roi, scales, sizes).With("mode", "cubic");
        net.Output(node.Output);

        // Opset 11 itself doesn't allow it, so the two are compared in its successor.
        net.Apply(new UpgradeOperators());
        Assert.Equal(1, net.Apply(new TrimOptionalInputs()));

        Assert.Equal([x, null, null, sizes], node.Inputs);
    }

    [Fact]
    public void Absent_inputs_at_the_end_go()
    {
        var net = new TestNet();
        var node = net.Node("Clip", net.Input("x", 1, 4, 8, 12), net.Floats("low", [0]), null);
        net.Output(node.Output);

        Assert.Equal(1, net.Apply(new TrimOptionalInputs()));
        Assert.Equal(2, node.Inputs.Count);
    }

    [Fact]
    public void Absent_inputs_in_the_middle_stay()
    {
        var net = new TestNet();
        net.Output(net.Op("Clip", net.Input("x", 1, 4, 8, 12), null, net.Floats("high", [0])));

        Assert.Equal(0, net.Apply(new TrimOptionalInputs()));
    }
}
