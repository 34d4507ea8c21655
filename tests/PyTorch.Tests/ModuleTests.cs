using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Normalize;
using Snapshooter;
using Snapshooter.Xunit;
using Xunit;

namespace MsSrConvert.PyTorch.Tests;

public class ModuleTests
{
    [Theory]
    [InlineData(2, "adjacent")]
    [InlineData(3, "adjacent")]
    [InlineData(3, "full")]
    public void A_converted_network_reads_like_the_method(int branches, string interaction)
    {
        var model = SmallNet.Converted(branches, Enum.Parse<Interaction>(interaction, ignoreCase: true));
        Snapshot.Match(PyTorchWriter.Write(model, "small.onnx").Code, SnapshotNameExtension.Create(branches, interaction));
    }

    [Fact]
    public void A_shared_kernel_is_one_parameter_and_all_layers_are_calls()
    {
        var model = SmallNet.Converted(3);
        var module = PyTorchWriter.Write(model, "small.onnx");
        Assert.Single(module.Tensors, t => t.Name == "body_0_weight_same");
        Assert.Equal(3, module.Layers);
        Assert.Equal(NormalForm.CostAt(model, 16, 16).Params, module.Parameters);
        Assert.Equal(module.Parameters, module.Tensors.Sum(t => t.Data.Count));
    }

    [Fact]
    public void A_layer_that_was_changed_is_written_node_by_node()
    {
        var model = SmallNet.Converted(2);
        var odd = model.Graph.Nodes.Single(n => n.Name == "body_0/same2");
        odd.SetInput(1, model.Graph.AddInitializer("other", odd.Input(1)!.Initializer!));
        var code = PyTorchWriter.Write(model, "small.onnx").Code;
        Assert.DoesNotContain("interaction(", code, StringComparison.Ordinal);
        Assert.Contains("# interaction layer: body_0\n", code, StringComparison.Ordinal);
        Assert.Contains("F.conv2d(x_2, self.other, self.body_0_bias_same, padding=1)", code, StringComparison.Ordinal);
    }

    [Fact]
    public void Variables_are_used_again_so_that_memory_is_freed()
    {
        var model = SmallNet.Of("Relu");
        var last = model.Graph.Outputs[0];
        for (var i = 0; i < 3; i++)
            last = model.Graph.Add(new Node("Relu", [last], [new Value($"r{i}")], $"relu{i}")).Output;
        model.Graph.ReplaceOutput(model.Graph.Outputs[0], last);
        Assert.All(SmallNet.Forward(model), line => Assert.Equal("x = F.relu(x)", line));
    }

    [Fact]
    public void What_cannot_be_said_is_listed_once_with_the_reason()
    {
        var model = SmallNet.Of("NonMaxSuppression");
        var next = model.Graph.Add(new Node("Relu", [model.Graph.Outputs[0]], [new Value("after")], "follower")).Output;
        model.Graph.ReplaceOutput(model.Graph.Outputs[0], next);
        var error = Assert.Throws<MsSrException>(() => PyTorchWriter.Write(model, "small.onnx")).Diagnostic;
        Assert.Equal("MSSR2501", error.Id);
        Assert.Contains("NonMaxSuppression 'node': there is no rule for its operator", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("follower", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_foreign_files_cannot_put_code_into_the_module()
    {
        var model = SmallNet.Converted(2);
        foreach (var node in model.Graph.Nodes)
            node.Name = node.Name.Replace("body_0", "evil\n        import os  # \"\"\"", StringComparison.Ordinal);
        foreach (var value in model.Graph.Initializers)
            value.Name = value.Name.Replace("body.0", "x\"); import os", StringComparison.Ordinal);
        var lines = PyTorchWriter.Write(model, "a\"\"\"\nimport os").Code.Split('\n');
        Assert.Single(lines, line => line.Trim().StartsWith("import os", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("\"); import", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_exported_never_reads_a_pickle()
    {
        foreach (var name in new[] { "finetune.py", "retie.py", "Helpers/weights_file.py" })
            Assert.DoesNotMatch(@"\bpickle\.|torch\.(load|save)\(", EmbeddedFiles.Read(name));
        Assert.Contains("weights_only=True", EmbeddedFiles.Read("Helpers/checkpoint.py"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_calibrated_model_is_trained_in_small_steps()
    {
        var model = SmallNet.Converted(2);
        Assert.Contains("LEARNING_RATE = 2e-4\n", PyTorchWriter.Write(model, "small.onnx").Code, StringComparison.Ordinal);
        model.SetMetadata("mssr.calibrated", "true");
        Assert.Contains("LEARNING_RATE = 2e-5\n", PyTorchWriter.Write(model, "small.onnx").Code, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_says_how_it_wants_its_images_is_trained_on_these()
    {
        var model = SmallNet.Converted(2);
        Assert.Contains("IMG_RANGE = 1.0\n", PyTorchWriter.Write(model, "small.onnx").Code, StringComparison.Ordinal);
        model.SetMetadata("mssr.image.range", "0..255");
        Assert.Contains("IMG_RANGE = 255.0\n", PyTorchWriter.Write(model, "small.onnx").Code, StringComparison.Ordinal);
    }

    [Fact]
    public void Statistics_of_BatchNormalization_are_buffers()
    {
        var statistic = TensorData.Of([1f, 2f, 3f], 3);
        var module = PyTorchWriter.Write(SmallNet.Of("BatchNormalization", null, statistic, statistic, statistic, statistic),
            "small.onnx");
        Assert.Equal(6, module.Parameters);
        Assert.Equal(["c1", "c2", "c3", "c4"], module.Tensors.Select(t => t.Name));
        Assert.Contains("self.register_buffer(\"c4\", torch.zeros(3))", module.Code, StringComparison.Ordinal);
    }
}
