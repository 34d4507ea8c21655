using System.CommandLine;
using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Images;

namespace MsSrConvert.Cli.Commands;

/// <summary>The options that say how a model wants its images, in place of the guess.</summary>
/// <param name="taskOption">The name of the option that says what the model is for.</param>
internal sealed class ContractInputs(string taskOption = "--task")
{
    private readonly Option<string> _colour = Word("--colour", "What the channels mean.",
        "rgb|bgr|ycbcr|ycbcr-full|y|y-full|gray");

    private readonly Option<LumaRange?> _luma = new("--luma")
    {
        Description = "Luma from 16 to 235 as in the literature, or over the full range as in JPEG and OpenCV.",
        HelpName = "studio|full",
        CustomParser = result =>
            OptionValues.Choose<LumaRange?>(result, [("studio", LumaRange.Studio), ("full", LumaRange.Full)]),
    };

    private readonly Option<string> _range = Word("--range", "The numbers for black and white.", "0..1|0..255|-1..1");

    private readonly Option<string> _outputRange = Word("--output-range", "The same of the output, where it is another.",
        "0..1|0..255|-1..1");

    private readonly Option<string> _task = Word(taskOption, "Enlarging, sharpening bicubic enlargements, or restoring.",
        "sr|preup|restore");

    private readonly Option<int?> _scale = new("--scale")
    {
        Description = "The enlargement, for models that sharpen bicubic enlargements.",
        HelpName = "S",
        CustomParser = result => OptionValues.Within(result, 1, 16),
    };

    private readonly Option<FileInfo> _like = new("--like")
    {
        Description = "Use this model's image conventions: those of the source, for a converted model that isn't trained yet.",
        HelpName = "MODEL",
    };

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_colour, _luma, _range, _outputRange, _task, _scale, _like];

    /// <summary>Adds everything to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in All)
            command.Options.Add(option);
    }

    /// <summary>The luma asked for, or null.</summary>
    public LumaRange? Luma(ParseResult parsed) => parsed.GetValue(_luma);

    /// <summary>The enlargement asked for, or null.</summary>
    public int? Scale(ParseResult parsed) => parsed.GetValue(_scale);

    /// <summary>What the user says about a model.</summary>
    /// <exception cref="MsSrException">A word isn't known (MSSR3403); the model of --like can't be opened.</exception>
    public ContractOptions Options(ParseResult parsed)
    {
        var like = parsed.GetValue(_like) is { } model ? Contract(model.FullName) : new ContractOptions();
        var colour = parsed.GetValue(_colour) is { } text ? ContractText.ParseColour(text) : ((InputColour, LumaRange)?)null;
        return like with
        {
            Colour = colour?.Item1 ?? like.Colour,
            Luma = Luma(parsed) ?? colour?.Item2 ?? like.Luma,
            InputRange = parsed.GetValue(_range) is { } input ? ContractText.ParseRange(input) : like.InputRange,
            OutputRange = parsed.GetValue(_outputRange) is { } output ? ContractText.ParseRange(output) : like.OutputRange,
            Task = parsed.GetValue(_task) is { } task ? ContractText.ParseTask(task) : like.Task,
            Factor = Scale(parsed) ?? like.Factor,
        };
    }

    private static ContractOptions Contract(string path)
    {
        using var model = ImageModel.Open(path);
        return ContractOptions.Like(model.Contract);
    }

    private static Option<string> Word(string name, string description, string words) => new(name)
    {
        Description = $"{description} [default: guessed]",
        HelpName = words,
    };
}
