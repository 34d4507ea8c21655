using System.Diagnostics;
using System.Globalization;
using MsSrConvert.Passes;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Runtime;
using MsSrConvert.Training;
using MsSrConvert.Training.Data;
using MsSrConvert.Training.Engine;
using MsSrConvert.Training.Execution;
using MsSrConvert.Training.Loop;
using MsSrConvert.Training.Losses;
using MsSrConvert.Zoo;

// Times training steps of srresnet-small and its conversions, one line each; train_speed.py does the same with PyTorch.
// The form of libtorch is that of MSSR_ENGINE_FORM; wrong numbers aren't timed.
// Usage: train-speed THREADS BATCH PATCH STEPS ROUNDS BRANCHES…
var numbers = Array.ConvertAll(args, a => int.Parse(a, CultureInfo.InvariantCulture));
var (threads, batch, patch, steps, rounds) = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
var form = EngineForm.Requested(EngineForm.All);
var device = TorchDevice.Choose(form, cuda: false, threads);
new EngineCheck(form, device).Convolutions(EngineCheck.Standard);
foreach (var branches in numbers.Skip(5))
{
    var model = ZooCatalog.Find("srresnet-small").Create(1);
    if (branches == 1)
        TrainForm.Apply(model);
    else
        model = Converter.Convert(model, new ConversionOptions { Branches = branches }, new SliceInitializer()).Model;
    using var network = new TorchNetwork(model, device);
    using var state = new TrainingState(network, "");
    var options = new TrainingOptions { Batch = batch, Patch = patch };
    var objective = new Objective(model.Graph.Outputs[0], [], null, 1, options, device);
    var data = new TrainingBatch(RandomInput.Of(1, 0, 1, batch, 3, patch, patch),
        RandomInput.Of(2, 0, 1, batch, 3, 4 * patch, 4 * patch));
    var speeds = new List<double>();
    // The first round warms up.
    for (var round = 0; round <= rounds; round++)
    {
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < steps; i++)
            Trainer.Step(network, objective, state, data, rate: 2e-5, options);
        if (round > 0)
            speeds.Add(steps / watch.Elapsed.TotalSeconds);
    }

    var weights = network.Trainable.Sum(v => v.Initializer!.Count);
    Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture,
            $"{branches} {weights} {speeds.Order().ElementAt(rounds / 2):0.000} {state.Loss:0.00000}"));
}
