using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Imaging.Evaluation;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Verify;
using MsSrConvert.Training.Loop;
using Xunit;

namespace MsSrConvert.Training.Tests;

/// <summary>Trainings of a few steps: what they leave, how they stop, and how they go on.</summary>
public sealed class FineTunerTests : IDisposable
{
    private readonly Workshop _workshop = new();

    public void Dispose() => _workshop.Dispose();

    [Fact]
    public void The_result_is_the_same_graph_with_other_numbers()
    {
        var request = _workshop.Request();
        var result = Workshop.Train(request);
        var (before, after) = (ModelFile.Read(request.Model), ModelFile.Read(result.Output));
        Assert.Equal(before.Graph.Nodes.Select(Spelling), after.Graph.Nodes.Select(Spelling));
        Assert.Equal(before.Graph.Initializers.Select(v => v.Name), after.Graph.Initializers.Select(v => v.Name));
        Assert.All(before.Metadata, entry => Assert.Equal(entry.Value, after.GetMetadata(entry.Key)));
        Assert.Contains("\"steps\":\"10\"", after.GetMetadata("mssr.trained"), StringComparison.Ordinal);
        Assert.All(ModelVerifier.Check(after).Findings, f => Assert.NotEqual(FindingStatus.Failed, f.Status));
        foreach (var (old, trained) in before.Graph.Initializers.Zip(after.Graph.Initializers))
        {
            var isWeight = old.Uses.Any(u => u.Node.OpType is "Conv" or "PRelu");
            Assert.Equal(isWeight, !old.Initializer!.Bytes.Span.SequenceEqual(trained.Initializer!.Bytes.Span));
        }

        Assert.Equal(["checkpoint", "curve.png", "log.csv", "log.json"],
            new DirectoryInfo(request.RunFolder).EnumerateFiles().Select(f => f.Name).Order(StringComparer.Ordinal));
        Assert.Equal(1 + 3, File.ReadAllLines(Path.Combine(request.RunFolder, "log.csv")).Length);
    }

    [Fact]
    public void What_is_measured_on_the_way_is_what_eval_measures()
    {
        var request = _workshop.Request() with { Validation = _workshop.Images(2, seed: 9) };
        var result = Workshop.Train(request);
        using var before = ImageModel.Open(request.Model, Workshop.Rgb);
        using var after = ImageModel.Open(result.Output);
        var report = new Evaluator([before, after]).Run(EvalData.Find(request.Validation!));
        Assert.Equal(report.Models[0].Mean.Psnr, result.StartPsnr, 2);
        Assert.Equal(report.Models[1].Mean.Psnr, result.BestPsnr, 2);
    }

    [Fact]
    public void The_same_seed_gives_the_same_file_and_another_seed_another()
    {
        var first = File.ReadAllBytes(Workshop.Train(_workshop.Request("a.onnx", 4)).Output);
        var second = File.ReadAllBytes(Workshop.Train(_workshop.Request("b.onnx", 4)).Output);
        Assert.Equal(first, second);
        var request = _workshop.Request("c.onnx", 4);
        Assert.NotEqual(first,
            File.ReadAllBytes(Workshop.Train(request with { Options = request.Options with { Seed = 4 } }).Output));
    }

    [Fact]
    public void An_interrupted_training_goes_on_as_if_it_had_not_been()
    {
        var whole = Workshop.Train(_workshop.Request("whole.onnx"));
        var request = _workshop.Request("parts.onnx");
        using (var stop = new CancellationTokenSource())
        using (var tuner = new FineTuner(request))
        {
            var part = tuner.Run(at => Stop(at, stop), stop.Token);
            Assert.Equal((TrainingEnd.Interrupted, 4L), (part.End, part.Steps));
            Assert.True(File.Exists(part.Output));
        }

        var rest = Workshop.Train(request with { Resume = true });
        Assert.Equal(File.ReadAllBytes(whole.Output), File.ReadAllBytes(rest.Output));
        Assert.Equal(whole.Log.Select(e => (e.Step, e.Loss, e.Psnr)), rest.Log.Select(e => (e.Step, e.Loss, e.Psnr)));

        static void Stop(TrainingProgress at, CancellationTokenSource stop)
        {
            if (at.Step == 4)
                stop.Cancel();
        }
    }

    [Fact]
    public void A_training_is_only_taken_up_with_the_same_recipe()
    {
        var request = _workshop.Request();
        Workshop.Train(request);
        var changed = request with { Resume = true, Options = request.Options with { Batch = 3, Steps = 20 } };
        var error = Assert.Throws<MsSrException>(() => Workshop.Train(changed));
        Assert.Contains("MSSR3601", error.Message, StringComparison.Ordinal);
        Assert.Contains("another steps, batch.", error.Message, StringComparison.Ordinal);
        Assert.Contains("MSSR3604", Assert.Throws<MsSrException>(() => Workshop.Train(request)).Message,
            StringComparison.Ordinal);
        Assert.Contains("MSSR1604",
            Assert.Throws<MsSrException>(() => Workshop.Train(_workshop.Request("new.onnx") with { Resume = true })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Two_trainings_do_not_write_to_one_folder()
    {
        var request = _workshop.Request();
        using var first = new FineTuner(request);
        Assert.Contains("MSSR3603", Assert.Throws<MsSrException>(() => new FineTuner(request)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_diverging_training_stops_and_leaves_the_best_model()
    {
        var request = _workshop.Request(steps: 400);
        var error = Assert.Throws<MsSrException>(() => Workshop.Train(
            request with { Options = request.Options with { LearningRate = 1e4, Clip = 0, WarmUp = 0.5, Validations = 100 } }));
        Assert.Contains("MSSR5601", error.Message, StringComparison.Ordinal);
        using var best = ImageModel.Open(request.Output, Workshop.Rgb);
        Assert.True(best.Session.Run(Runtime.Tensor.Zeros(1, 3, 16, 16)).IsFinite());
    }

    [Fact]
    public void A_teacher_and_its_features_are_learned_from()
    {
        var request = _workshop.Request() with { Teacher = _workshop.Network("teacher.onnx", convert: false) };
        var result = Workshop.Train(request with { Options = request.Options with { Distill = 1, DistillFeatures = 0.1 } });
        Assert.Equal(TrainingEnd.Complete, result.End);
    }

    [Fact]
    public void A_model_of_its_own_is_trained_too()
    {
        var request = _workshop.Request() with { Model = _workshop.Network("plain.onnx", convert: false) };
        Assert.True(
            Workshop.Train(request with { Options = request.Options with { TimeBudget = TimeSpan.FromSeconds(1) } }).Steps > 1);
    }

    [Theory]
    [InlineData(null, 2e-4), InlineData("mssr.calibrated", 2e-5), InlineData("mssr.trained", 2e-5)]
    public void The_learning_rate_follows_from_the_start(string? mark, double rate)
    {
        var request = _workshop.Request(steps: 1);
        if (mark is not null)
        {
            var model = ModelFile.Read(request.Model);
            model.SetMetadata(mark, "yes");
            OnnxFile.Write(model, request.Model);
        }

        Assert.Equal(rate, Workshop.Train(request with { Options = request.Options with { LearningRate = null } }).LearningRate);
    }

    private static string Spelling(Node node) =>
        $"{node.Name} {node.OpType} {string.Join(',', node.Inputs.Select(v => v?.Name))} {string.Join(',', node.Outputs.Select(v => v?.Name))}";
}
