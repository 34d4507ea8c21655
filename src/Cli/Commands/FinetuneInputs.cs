using System.CommandLine;
using MsSrConvert.GraphIR;

namespace MsSrConvert.Cli.Commands;

/// <summary>
/// The arguments and options of training; <c>finetune</c> hands them on to <c>mssr-train</c>, which takes the same.
/// </summary>
internal sealed class FinetuneInputs
{
    private readonly Argument<FileInfo> _model = new("MODEL") { Description = "The model to train, converted or not." };

    private readonly Option<DirectoryInfo[]> _data = new("--data", "-d")
    {
        Description = "Images to train on, or pairs NAME_HR and NAME_LR; can be given more than once.",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<DirectoryInfo> _validation =
        new("--validation") { Description = "Images to measure on. [default: a few of --data are kept back]", HelpName = "DIR" };
    private readonly Option<FileInfo> _teacher = new("--teacher")
    {
        Description =
        "A trained model to learn from as well: the source of a converted one.",
        HelpName = "MODEL"
    };
    private readonly Option<double> _distill = Share("--distill",
        "Share of the loss that is the distance to the teacher's output.", 0.5, 1);
    private readonly Option<double> _features = Share("--distill-features",
        "Weight of the distance to the teacher's features behind fusion layers.", 0, 1000);

    private readonly Option<string> _task = new("--task")
    {
        Description = "Enlarge, take out noise, or turn given images into others. [default: as the model is]",
        HelpName = "sr|denoise|pairs",
        CustomParser = result => OptionValues.Choose(result, [("sr", "sr"), ("denoise", "denoise"), ("pairs", "pairs")]),
    };

    private readonly Option<double[]> _noise = new("--noise")
    {
        Description = "Noise levels in grey levels for --task denoise; can be given more than once. [default: 25]",
        HelpName = "SIGMA",
        CustomParser = OptionValues.Positives,
    };

    private readonly Option<int> _steps = Count("--steps", "Steps to train.", "N", 5000, 1, int.MaxValue);

    private readonly Option<TimeSpan?> _time = new("--time-budget")
    {
        Description = "Train this long (90s, 20m, 1h30m) instead of a number of steps.",
        HelpName = "TIME",
        CustomParser = OptionValues.Duration,
    };

    private readonly Option<int> _batch = Count("--batch", "Patches in a step.", "N", 16, 1, 4096);
    private readonly Option<int> _patch = Count("--patch", "Side of the patches in pixels of the model's input.", "N", 48, 1,
        4096);

    private readonly Option<double?> _rate = new("--lr")
    {
        Description = "Largest learning rate. [default: 2e-5 for a calibrated or trained model, else 2e-4]",
        HelpName = "RATE",
        CustomParser = OptionValues.Positive,
    };

    private readonly Option<double> _warmUp = Share("--warmup", "Share of the training in which the learning rate rises.", 0.02,
        0.9);

    private readonly Option<string> _loss = new("--loss")
    {
        Description = "Reconstruction loss.",
        HelpName = "l1|charbonnier",
        DefaultValueFactory = _ => "l1",
        CustomParser = result => OptionValues.Choose(result, [("l1", "l1"), ("charbonnier", "charbonnier")]),
    };

    private readonly Option<double> _averaging = Share("--ema", "How slowly the averaged weights, which are the result, follow.",
        0.999, 0.999999);
    private readonly Option<double> _clip = Share("--clip", "Largest norm of the gradient; 0 for no limit.", 1, 1e9);
    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "Chooses patches and noise.",
        HelpName = "S",
        CustomParser = OptionValues.Whole<ulong>
    };

    private readonly Option<string> _device = new("--device")
    {
        Description = "Execution device.",
        HelpName = "cpu|cuda",
        DefaultValueFactory = _ => "cpu",
        CustomParser = result => OptionValues.Choose(result, [("cpu", "cpu"), ("cuda", "cuda")]),
    };

    private readonly Option<int> _threads = new("--threads")
    {
        Description = "Threads that compute (default: all cores).",
        HelpName = "N",
        CustomParser = result => OptionValues.Within(result, 1, 1024),
    };

    private readonly ReadingInputs _reading = new();
    private readonly ContractInputs _contract = new("--net-task");
    private readonly Option<FileInfo> _output = new("--output",
        "-o")
    { Description = "The file to write. [default: NAME.trained.onnx beside the model]", HelpName = "FILE" };
    private readonly Option<bool> _resume =
        new("--resume") { Description = "Go on from the checkpoint of an interrupted run with the same options." };
    private readonly Option<bool> _force =
        new("--force") { Description = "Replace the output, checkpoint and log of an earlier run." };
    private readonly Option<bool> _json = new("--json") { Description = "Print the result as JSON." };

    /// <summary>Adds everything to a command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(_model);
        foreach (var option in new Option[]
                 {
                     _data, _validation, _teacher, _distill, _features, _task, _noise, _steps, _time, _batch, _patch, _rate,
                     _warmUp, _loss, _averaging, _clip,
                     _seed, _reading.MaxPixels, _device, _threads, _output, _resume, _force, _json,
                 })
        {
            command.Options.Add(option);
        }

        _contract.AddTo(command);
    }

    /// <summary>Everything that was given.</summary>
    /// <exception cref="MsSrException">A word about the model's images isn't known (MSSR3403).</exception>
    public FinetuneOptions Read(ParseResult parsed)
    {
        var model = parsed.GetValue(_model)!;
        var output = parsed.GetValue(_output)
            ?? new FileInfo(Path.Combine(model.DirectoryName!, $"{Path.GetFileNameWithoutExtension(model.Name)}.trained.onnx"));
        return new FinetuneOptions
        {
            Model = model,
            Output = output,
            Data = [.. parsed.GetValue(_data)!.Select(d => d.FullName)],
            Validation = parsed.GetValue(_validation)?.FullName,
            Teacher = parsed.GetValue(_teacher)?.FullName,
            Contract = _contract.Options(parsed),
            Task = parsed.GetValue(_task),
            Steps = parsed.GetValue(_steps),
            TimeBudget = parsed.GetValue(_time),
            Batch = parsed.GetValue(_batch),
            Patch = parsed.GetValue(_patch),
            LearningRate = parsed.GetValue(_rate),
            WarmUp = parsed.GetValue(_warmUp),
            Loss = parsed.GetValue(_loss)!,
            Distill = parsed.GetValue(_distill),
            DistillFeatures = parsed.GetValue(_features),
            Averaging = parsed.GetValue(_averaging),
            Clip = parsed.GetValue(_clip),
            Noise = parsed.GetValue(_noise) is { Length: > 0 } noise ? noise : [25],
            Seed = parsed.GetValue(_seed),
            MaxPixels = parsed.GetValue(_reading.MaxPixels),
            Cuda = parsed.GetValue(_device) == "cuda",
            Threads = parsed.GetValue(_threads),
            Resume = parsed.GetValue(_resume),
            Force = parsed.GetValue(_force),
            Json = parsed.GetValue(_json),
        };
    }

    private static Option<double> Share(string name, string description, double standard, double most) => new(name)
    {
        Description = description,
        HelpName = "X",
        DefaultValueFactory = _ => standard,
        CustomParser = result => OptionValues.UpTo(result, most),
    };

    private static Option<int> Count(string name, string description, string help, int standard, int least, int most) => new(name)
    {
        Description = description,
        HelpName = help,
        DefaultValueFactory = _ => standard,
        CustomParser = result => OptionValues.Within(result, least, most),
    };
}
