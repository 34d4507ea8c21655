using MsSrConvert.Operators;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Passes.Tests.Normalize;

public class NormalizationTests
{
    [Fact]
    public void Conv_BatchNormalization_Identity_and_Constant_of_an_old_file_become_one_conv()
    {
        var net = new TestNet(9, 4);
        var weights = net.Weights("w", 4, 3, 3, 3);
        net.Graph.AddInput(weights);
        var conv = net.Conv(net.Input("x", 1, 3, 8, 12), net.Op("Identity", weights)).Output;
        var one = net.Floats("one", [1, 1, 1, 1], 4);
        var norm = net.Op("BatchNormalization", conv, net.Weights("s", 4), net.Weights("b", 4), net.Weights("m", 4), one);
        var clipped = net.Node("Clip", net.Op("Dropout", norm)).With("min", 0f).With("max", 1f).Output;
        net.Output(net.NodeTo("Identity", ["y"], clipped).Output);
        var before = net.Bytes();

        Run(net);

        Assert.Equal("Conv Clip", net.Operators());
        Assert.Equal("y", net.Graph.Nodes[1].Output.Name);
        Assert.Single(net.Graph.Inputs);
        Numeric.AssertSame(before, net.Model);
    }

    [Fact]
    public void A_second_run_changes_nothing()
    {
        var net = new TestNet(11, 6);
        var x = net.Input("x", 1, 8, 12, 3);
        var h = net.Node("Transpose", x).With("perm", [0, 3, 1, 2]).Output;
        h = net.Node("Transpose", net.Conv(h, net.Weights("w", 12, 3, 3, 3)).Output).With("perm", [0, 2, 3, 1]).Output;
        h = net.Op("Add", h, net.Weights("b", 12));
        h = net.Op("Add", net.Op("Relu", h), net.Op("Mul", net.Op("Sub", h, net.Op("Abs", h)), net.Weights("a", 12)));
        h = net.Node("Transpose", h).With("perm", [0, 3, 1, 2]).Output;
        h = net.Op("Reshape", h, net.Ints("six", 1, 3, 2, 2, 8, 12));
        h = net.Node("Transpose", h).With("perm", [0, 1, 4, 2, 5, 3]).Output;
        net.Output(net.Op("Reshape", h, net.Ints("four", 1, 3, 16, 24)));
        var before = net.Bytes();

        Run(net);
        var once = net.Bytes();
        Run(net);

        Assert.Equal("Transpose Conv PRelu DepthToSpace", net.Operators());
        Assert.Equal(once, net.Bytes());
        Numeric.AssertSame(before, net.Model);
    }

    [SharedTheory]
    [InlineData("NTIRE2022_ESR-04_RLFN-x4.onnx", 21)]
    [InlineData("NTIRE2022_ESR--1_IMDN_baseline-x4.onnx", 18)]
    [InlineData("cloudlab_FSRCNN-FSRCNN_tf-x2.onnx", 24)]
    [InlineData("microsoft_onnxruntime-extensions-ESPCN-x3.onnx", 13)]
    public void A_real_model_computes_the_same_in_another_opset(string name, int opset)
    {
        var path = SharedModels.PathOf("models/" + name);
        var model = ModelFile.Read(path);

        new PassRunner().Run(model, new PassContext(), [.. Normalization.Lift(), .. Normalization.Passes(opset)]);

        Assert.Equal(opset, model.Opset);
        Numeric.AssertSame(File.ReadAllBytes(path), model, 32, 32);
    }

    private static void Run(TestNet net) =>
        new PassRunner().Run(net.Model, net.Context, [.. Normalization.Lift(), .. Normalization.Passes()]);
}
