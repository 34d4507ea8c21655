using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Tests.Support;
using MsSrConvert.Passes.Verify;
using Xunit;

namespace MsSrConvert.Passes.Tests.Verify;

public class RetieTests
{
    [Theory]
    [InlineData(RetieMode.First, 0f), InlineData(RetieMode.Mean, 0.5f)]
    public void Copies_become_one_weight_again_with_its_recorded_name(RetieMode mode, float moved)
    {
        var model = Training.Converted(3);
        var original = model.Initializer("a.weight/same").Initializer!.ToFloats();
        Training.CopyWeights(model, drift: 0.5f);
        Assert.Equal(4, Retie.Run(model, ModelVerifier.Check(model).Ties, mode));
        var repaired = OrtRun.Reread(model);
        Assert.All(ModelVerifier.Check(repaired).Findings, f => Assert.Equal(FindingStatus.Passed, f.Status));
        var weight = repaired.Initializer("a.weight/same");
        Assert.Equal(3, weight.Uses.Count);
        Assert.All(weight.Initializer!.ToFloats().Zip(original), p => Assert.Equal(p.Second + moved, p.First, 5));
        Assert.DoesNotContain(repaired.Graph.Initializers, v => v.Name.StartsWith("param_", StringComparison.Ordinal));
    }

    [Fact]
    public void Equal_copies_leave_the_network_as_it_was()
    {
        var model = Training.Converted(2);
        var input = OrtRun.Noise(1, 1, 3, 7, 9);
        var before = OrtRun.Run(model, input)[0].Data;
        Training.CopyWeights(model, drift: 0);
        Retie.Run(model, ModelVerifier.Check(model).Ties, RetieMode.Mean);
        Assert.Equal(before, OrtRun.Run(OrtRun.Reread(model), input)[0].Data);
    }

    [Fact]
    public void A_model_whose_ties_are_whole_stays_as_it_is()
    {
        var model = Training.Converted(2);
        var before = GraphIR.Onnx.OnnxFile.ToBytes(model);
        Assert.Equal(0, Retie.Run(model, ModelVerifier.Check(model).Ties, RetieMode.Mean));
        Assert.Equal(before, GraphIR.Onnx.OnnxFile.ToBytes(model));
    }

    [Fact]
    public void A_copy_that_kept_the_recorded_name_does_not_stand_in_the_way()
    {
        var model = Training.Converted(2);
        Training.CopyWeights(model, drift: 1);
        model.Initializer("param_1").Name = "a.weight/same";
        Retie.Run(model, ModelVerifier.Check(model).Ties, RetieMode.First);
        Assert.Equal(2, OrtRun.Reread(model).Initializer("a.weight/same").Uses.Count);
    }

    [Fact]
    public void Copies_of_different_shapes_can_not_be_one()
    {
        var model = Training.Converted(2);
        Training.CopyWeights(model, drift: 0);
        var copy = model.Graph.Nodes.Single(n => n.Name == "/a/Conv/same2").Input(2)!;
        model.Graph.SetInitializer(copy, TensorData.Of([1f], 1));
        var ties = ModelVerifier.Check(model).Ties;
        var error = Assert.Throws<MsSrException>(() => Retie.Run(model, ties, RetieMode.Mean));
        Assert.Equal(("MSSR5008", "shared weight 'a.bias/same'"), (error.Diagnostic.Id, error.Diagnostic.Where));
        Assert.Contains(ties, t => double.IsNaN(t.MaxDifference()));
    }
}
