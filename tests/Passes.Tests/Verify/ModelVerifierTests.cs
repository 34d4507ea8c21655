using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Deploy;
using MsSrConvert.Passes.Tests.Support;
using MsSrConvert.Passes.Verify;
using Xunit;

namespace MsSrConvert.Passes.Tests.Verify;

public class ModelVerifierTests
{
    [Theory]
    [InlineData(2, Interaction.Adjacent), InlineData(3, Interaction.Adjacent), InlineData(3, Interaction.Full)]
    public void A_converted_model_passes_every_check(int branches, Interaction interaction)
    {
        var report = ModelVerifier.Check(Training.Converted(branches, interaction));
        Assert.All(report.Findings, f => Assert.True(f.Status == FindingStatus.Passed, $"{f.Check}: {f.Detail}"));
        Assert.Equal(["metadata", "opset", "ties", "roles"], report.Findings.Select(f => f.Check));
        Assert.Equal((4, true), (report.Ties.Count, report.Ties.All(t => t.IsIntact)));
        Assert.Equal("1 separation, 2 interaction, 1 fusion, as recorded", report.Findings[3].Detail);
    }

    [Fact]
    public void A_model_that_was_not_converted_has_nothing_to_compare_with()
    {
        var report = ModelVerifier.Check(Training.Source());
        Assert.Null(report.Metadata);
        Assert.Equal([("metadata", FindingStatus.Skipped), ("opset", FindingStatus.Passed)],
            report.Findings.Select(f => (f.Check, f.Status)));
    }

    [Fact]
    public void A_weight_copied_node_by_node_is_a_broken_tie_also_while_the_copies_are_equal()
    {
        var model = Training.Converted(3);
        Training.CopyWeights(model, drift: 0);
        var report = ModelVerifier.Check(model);
        Assert.Equal("4 of 4 shared weights are no longer one: they were copied node by node",
            Ties(report, FindingStatus.Failed));
        Assert.All(report.Ties, t => Assert.Equal((3, 0.0), (t.Copies.Count, t.MaxDifference())));
    }

    [Fact]
    public void How_far_copies_are_apart_is_measured()
    {
        var model = Training.Converted(3);
        Training.CopyWeights(model, drift: 0.5f);
        Assert.All(ModelVerifier.Check(model).Ties, t => Assert.Equal(1.0, t.MaxDifference(), 5));
    }

    [Theory]
    [InlineData("net{0}/Conv", '.'), InlineData("{0}", '_'), InlineData("model/features{0}", '/')]
    public void Convs_are_found_by_names_that_a_tool_has_changed(string form, char separator)
    {
        var model = Training.Converted(3);
        Training.CopyWeights(model, drift: 0.5f);
        Training.Rename(model, form, separator);
        var report = ModelVerifier.Check(model);
        Assert.All(report.Ties, t => Assert.Equal((3, 0), (t.Copies.Count, t.Missing.Count)));
        Assert.Equal([4, 4, 1, 1], report.Ties.Select(t => t.Copies[0].Initializer!.Dims.Count).OrderDescending());
    }

    [Fact]
    public void Renamed_initializers_are_still_one()
    {
        var model = Training.Converted(2);
        foreach (var (value, i) in model.Graph.Initializers.Select((v, i) => (v, i)))
            value.Name = $"onnx_Conv_{i}";
        Assert.Equal("4 shared weights, each one initializer", Ties(ModelVerifier.Check(model), FindingStatus.Passed));
    }

    [Fact]
    public void Weights_behind_Identity_and_in_Constant_nodes_are_followed()
    {
        var model = Training.Converted(2);
        foreach (var node in model.Graph.Nodes.Where(n => n.Name.EndsWith("/same2", StringComparison.Ordinal)).ToArray())
        {
            node.SetInput(1,
                model.Graph.Add(new Node("Identity", [node.Input(1)], [new Value(node.Name + "/w")], node.Name + "/id"),
                    node).Output);
        }

        Assert.Equal("4 shared weights, each one initializer", Ties(ModelVerifier.Check(model), FindingStatus.Passed));
        foreach (var node in model.Graph.Nodes.Where(n => n.Name.EndsWith("/same2", StringComparison.Ordinal)).ToArray())
        {
            var constant = new Node("Constant", [], [new Value(node.Name + "/c")], node.Name + "/constant").With("value",
                new TensorAttribute(WeightOf(node)));
            node.SetInput(1, model.Graph.Add(constant, node).Output);
        }

        Assert.Equal("2 of 4 shared weights are no longer one: they were copied node by node",
            Ties(ModelVerifier.Check(model), FindingStatus.Failed));
    }

    [Fact]
    public void Different_weights_merged_into_one_are_found()
    {
        var model = Training.Converted(2);
        var (a, b) = (model.Initializer("a.bias/same"), model.Initializer("b.bias/same"));
        b.ReplaceAllUsesWith(a);
        Assert.Equal("'a.bias/same' stands for 'a.bias/same' and 'b.bias/same', which are different weights",
            Ties(ModelVerifier.Check(model), FindingStatus.Failed));
    }

    [Fact]
    public void A_graph_that_lost_its_layers_is_told()
    {
        var model = Training.Converted(2);
        foreach (var (node, i) in model.Graph.Nodes.Select((n, i) => (n, i)))
            node.Name = $"node_{i}";
        var report = ModelVerifier.Check(model);
        Assert.Contains("the graph has no conv '/a/Conv/same1'", Ties(report, FindingStatus.Failed));
        Assert.Equal(
            "11 of the 11 convs that the recorded roles ask for aren't there: /head/Conv/features, /a/Conv/same1, /a/Conv/same2, …", report.Findings[3].Detail);
    }

    [Fact]
    public void A_deployed_model_has_no_ties_and_roles_to_check()
    {
        var model = Training.Converted(2);
        Deployer.Deploy(model, new DeployOptions { Align = 8 });
        var report = ModelVerifier.Check(OrtRun.Reread(model));
        Assert.Empty(report.Ties);
        Assert.Equal(
            [
                ("metadata", FindingStatus.Passed), ("opset", FindingStatus.Passed), ("ties", FindingStatus.Skipped),
                ("roles", FindingStatus.Skipped)
            ],
            report.Findings.Select(f => (f.Check, f.Status)));
        Assert.Equal("the deploy form may write shared weights apart: they aren't checked", Ties(report, FindingStatus.Skipped));
    }

    [Theory]
    [InlineData(12, FindingStatus.Failed), InlineData(13, FindingStatus.Passed), InlineData(21, FindingStatus.Passed),
        InlineData(25, FindingStatus.Failed)]
    public void The_opset_must_be_one_that_converted_models_have(int opset, FindingStatus status)
    {
        var model = Training.Source();
        model.OpsetImports[""] = opset;
        Assert.Equal(status, ModelVerifier.Check(model).Findings.Single(f => f.Check == "opset").Status);
    }

    [Theory]
    [InlineData("mssr.branches", "two", "mssr.branches is 'two'.")]
    [InlineData("mssr.interaction", "some", "mssr.interaction says 'some'.")]
    [InlineData("mssr.ties", "{", "mssr.ties isn't the JSON that it should be.")]
    [InlineData("mssr.roles", "{\"a\": 3}", "mssr.roles isn't the JSON that it should be.")]
    [InlineData("mssr.roles", "{\"a\": \"boss\"}", "mssr.roles says 'boss'.")]
    public void Metadata_that_can_not_be_read_is_a_finding(string key, string value, string message)
    {
        var model = Training.Converted(2);
        model.SetMetadata(key, value);
        Assert.Equal(new StructureFinding("metadata", FindingStatus.Failed, message), ModelVerifier.Check(model).Findings[0]);
    }

    private static TensorData WeightOf(Node conv) =>
        (conv.Input(1)!.Initializer ?? conv.Input(1)!.Producer!.Input(0)!.Initializer)!;

    private static string Ties(StructureReport report, FindingStatus status)
    {
        var finding = report.Findings.Single(f => f.Check == "ties");
        Assert.Equal(status, finding.Status);
        return finding.Detail;
    }
}
