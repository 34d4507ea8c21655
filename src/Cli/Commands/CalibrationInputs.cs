using System.CommandLine;
using MsSrConvert.Calibration;
using MsSrConvert.Calibration.Images;
using MsSrConvert.Cli.Output;
using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Passes.Rewrite;

namespace MsSrConvert.Cli.Commands;

/// <summary>The options of a calibration, and the calibration itself.</summary>
internal sealed class CalibrationInputs
{
    private static readonly CalibrationRequest Defaults = new(new SyntheticImages());

    private readonly Option<int?> _patches = new("--patches")
    {
        Description = "How many patches layers are solved on (default: as many as make 200,000 pixels, 8 to 96).",
        HelpName = "N",
        CustomParser = result => OptionValues.Within(result, 2, 4096),
    };

    private readonly Option<int> _patchSize = new("--patch-size")
    {
        Description = "Their side in pixels of the model's input, rounded up to what the branches need.",
        HelpName = "N",
        DefaultValueFactory = _ => Defaults.PatchSize,
        CustomParser = result => OptionValues.Within(result, 8, 1024),
    };

    private readonly Option<int?> _sweeps = new("--sweeps")
    {
        Description =
            "Refinement sweeps over the whole network at the most, once all layers are solved; 0 for none (default: 4 to 16, fewer for large networks).",
        HelpName = "N",
        CustomParser = result => OptionValues.Within(result, 0, 1000),
    };

    private readonly Option<double?> _time = new("--time")
    {
        Description = "Seconds after which no further refinement sweep begins.",
        HelpName = "S",
        CustomParser = OptionValues.Positive,
    };

    private readonly Option<double?> _noise = new("--noise")
    {
        Description = "Noise (standard deviation in grey levels) on the patches of models that restore. [default: 25]",
        HelpName = "SIGMA",
        CustomParser = OptionValues.Positive,
    };

    private readonly Option<long?> _memory = new("--memory")
    {
        Description = "Memory that calibrating may take, such as 4G or 800M. [default: 4G]",
        HelpName = "SIZE",
        CustomParser = result => OptionValues.Bytes(result),
    };

    private readonly ReadingInputs _reading = new();
    private readonly ContractInputs _contract = new();
    private readonly Option<long> _seed;

    /// <summary>Makes the options.</summary>
    /// <param name="seed">The command's option of a seed.</param>
    public CalibrationInputs(Option<long> seed) => _seed = seed;

    private IEnumerable<Option> Options =>
        [_patches, _patchSize, _sweeps, _time, _noise, _memory, _reading.MaxPixels, .. _contract.All];

    /// <summary>Adds everything to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in Options)
            command.Options.Add(option);
    }

    /// <summary>The first of the options that was given, or null.</summary>
    public string? FirstGiven(ParseResult parsed) =>
        Options.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false })?.Name;

    /// <summary>Calibrates a conversion; what is found out about the model's images is told among the messages.</summary>
    /// <param name="console">Where progress and messages go.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="source">The trained model.</param>
    /// <param name="folder">Where images are, or null for synthetic ones.</param>
    /// <param name="start">Its conversion.</param>
    /// <exception cref="MsSrException">
    /// See <see cref="CalibrationJob.Run"/>; the model isn't an image model (MSSR1203).
    /// </exception>
    /// <exception cref="OperationCanceledException">The user ended it.</exception>
    public CalibrationOutcome Run(CommandConsole console, ParseResult parsed, FileInfo source, DirectoryInfo? folder,
        Converted start)
    {
        var request = new CalibrationRequest(
            folder is null ? new SyntheticImages() : new FolderImages(folder.FullName, _reading.Read(console, parsed)))
        {
            Patches = parsed.GetValue(_patches),
            PatchSize = parsed.GetValue(_patchSize),
            Seed = unchecked((ulong)parsed.GetValue(_seed)),
            NoiseSigma = parsed.GetValue(_noise) ?? Defaults.NoiseSigma,
            Memory = parsed.GetValue(_memory) ?? Defaults.Memory,
            Time = parsed.GetValue(_time) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Options = parsed.GetValue(_sweeps) is { } sweeps
                ? Defaults.Options with { Sweeps = sweeps, SweepWork = double.PositiveInfinity } : Defaults.Options,
        };
        using var model = ImageModel.Open(source.FullName, _contract.Options(parsed));
        ContractTable.Print(console, model);
        WarnOfGuesses(console, model);
        console.Error.WriteLine(folder is null
            ? "calibrating on synthetic images; give a folder of 20 to 100 photographs for a better result"
            : $"calibrating on {request.Images.Description}");
        return ProgressBar.During(console, show => CalibrationJob.Run(
            model, start, request,
            at => show(new ProgressBar.Step(at.Text, at.Share, "", at.Remaining)), console.Token));
    }

    private static void WarnOfGuesses(CommandConsole console, ImageModel model)
    {
        var guessed = model.Contract.Notes.Where(n => n.Source == ContractSource.Assumed).Select(n => n.Property).ToArray();
        if (guessed.Length == 0)
            return;
        console.Report(new Diagnostic("MSSR1301", Severity.Warning,
            $"what its images are can't be told from what it does ({string.Join(", ", guessed)}), and is assumed; if that is wrong, it is calibrated on the wrong images.",
            model.Name, $"Say it with {string.Join(", ", guessed.Select(g => $"--{g}"))}."));
    }
}
