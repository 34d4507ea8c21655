using System.CommandLine;
using System.Globalization;
using MsSrConvert.Cli.Output;
using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Operators;
using MsSrConvert.Passes;
using MsSrConvert.Passes.Costs;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Runtime;

namespace MsSrConvert.Cli.Commands;

/// <summary>The arguments and options that converting and inspecting have in common.</summary>
internal sealed class ConversionInputs
{
    private const string RandomStart = "random";

    /// <summary>The source model.</summary>
    public Argument<FileInfo> Model { get; } = new("MODEL")
    {
        Description = "The ONNX model to convert.",
        Arity = ArgumentArity.ExactlyOne
    };

    private readonly Option<int> _branches = new("--branches", "-n")
    {
        Description = "Number of scales n, at least 2.",
        DefaultValueFactory = _ => 2,
        HelpName = "N",
        CustomParser = OptionValues.Whole<int>,
    };

    private readonly Option<Interaction> _interaction = new("--interaction")
    {
        Description = "Which cross-scale kernels a layer has: adjacent scales (2n-2) or all (n(n-1)) [default: adjacent]",
        HelpName = "adjacent|full",
        CustomParser = result => OptionValues.Choose(result, [("adjacent", Interaction.Adjacent), ("full", Interaction.Full)]),
    };

    private readonly Option<string> _init = new("--init")
    {
        Description = "Starting weights: slice (cut from the source's) or random (spread as the source's features).",
        DefaultValueFactory = _ => "slice",
        HelpName = "slice|random",
    };

    /// <summary>The seed of the random numbers.</summary>
    public Option<long> Seed { get; } = new("--seed")
    {
        Description = "Random seed.",
        HelpName = "S",
        CustomParser = OptionValues.Whole<long>,
    };

    private readonly Option<int> _align = new("--channel-align")
    {
        Description = "Round the channels of a branch up to a multiple of K.",
        DefaultValueFactory = _ => 1,
        HelpName = "K",
        CustomParser = OptionValues.Whole<int>,
    };

    private readonly Option<string[]> _keep = new("--keep")
    {
        Description = "Leave nodes whose name matches as they are (* and ? stand for anything).",
        HelpName = "PATTERN",
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<string> _fuseAt = new("--fuse-at")
    {
        Description = "Where the branches end: at the last conv, before the first upscaling operator, or at a node.",
        DefaultValueFactory = _ => ConversionOptions.LastConv,
        HelpName = "last|upsampler|NODE",
    };

    private readonly Option<string> _separateAt = new("--separate-at")
    {
        Description = "Where the branches begin: at the first conv or at a node.",
        DefaultValueFactory = _ => ConversionOptions.FirstConv,
        HelpName = "first|NODE",
    };

    private readonly Option<bool> _assumeMultiple = new("--assume-multiple")
    {
        Description = "Assume input sizes are valid multiples: leave out padding and cropping.",
    };

    private readonly Option<bool> _again =
        new("--force-again") { Description = "Convert a model that is converted already once more." };

    private readonly Option<int?> _opset = new("--opset")
    {
        Description = "Operator set of the output (default: the source's, at least 13).",
        HelpName = "K",
        CustomParser = result => OptionValues.Whole<int>(result),
    };

    private readonly Option<string> _inputShape = new("--input-shape")
    {
        Description = "Where multiply-adds are counted, e.g. 1x3x128x128 (default: the model's own, 128x128 where it is open).",
        HelpName = "NxCxHxW",
    };

    private readonly Option<DirectoryInfo> _dump =
        new("--dump-passes") { Description = "Write the graph as text after every pass into DIR.", HelpName = "DIR" };

    private readonly Option<bool> _json = new("--json") { Description = "Print the result as JSON." };

    /// <summary>Adds everything to a command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(Model);
        foreach (var option in new Option[] { _branches, _interaction, _init, Seed, _align, _keep, _fuseAt, _separateAt,
            _assumeMultiple, _again, _opset, _inputShape, _json, _dump })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>True when the result is wanted as JSON.</summary>
    public bool WantsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>The number of branches asked for.</summary>
    public int Branches(ParseResult parsed) => parsed.GetValue(_branches);

    /// <summary>Checks the options, then reads the source.</summary>
    /// <exception cref="MsSrException">An option makes no sense, or the file isn't a readable model.</exception>
    public Model Read(ParseResult parsed)
    {
        Planner.Check(Options(parsed));
        Start(parsed);
        return ModelFile.Read(parsed.GetValue(Model)!.FullName);
    }

    /// <summary>Converts the source in memory.</summary>
    /// <exception cref="MsSrException">An option doesn't fit the model, or the model can't be handled.</exception>
    public Converted Convert(ParseResult parsed, Model model)
    {
        var shapes = parsed.GetValue(_inputShape) is { } text ? CostShapes(model, text) : null;
        IReadOnlyList<IPassObserver> observers = parsed.GetValue(_dump) is { } folder ? [new PassDumper(folder)] : [];
        return Converter.Convert(model, Options(parsed), Start(parsed), shapes, NodeRunner.Run, extra: null, observers);
    }

    /// <summary>True when the start was chosen, not left at its default.</summary>
    public bool HasStart(ParseResult parsed) => parsed.GetResult(_init) is { Implicit: false };

    /// <summary>True when the start is random.</summary>
    public bool IsRandom(ParseResult parsed) => parsed.GetValue(_init) == RandomStart;

    /// <summary>What is asked of the conversion.</summary>
    public ConversionOptions Options(ParseResult parsed) => new()
    {
        Branches = parsed.GetValue(_branches),
        Interaction = parsed.GetValue(_interaction),
        ChannelAlign = parsed.GetValue(_align),
        Keep = parsed.GetValue(_keep) ?? [],
        FuseAt = parsed.GetValue(_fuseAt) ?? ConversionOptions.LastConv,
        SeparateAt = parsed.GetValue(_separateAt) ?? ConversionOptions.FirstConv,
        AssumeMultiple = parsed.GetValue(_assumeMultiple),
        Again = parsed.GetValue(_again),
        Opset = parsed.GetValue(_opset),
    };

    private IKernelInitializer Start(ParseResult parsed) => parsed.GetValue(_init) switch
    {
        "slice" => new SliceInitializer(),
        RandomStart => new RandomInitializer(parsed.GetValue(Seed)),
        var other => throw new MsSrException(
            new Diagnostic("MSSR3004", Severity.Error, $"Unknown initializer '{other}'.", "--init", "Use slice or random.")),
    };

    private static Dictionary<string, Shape> CostShapes(Model model, string text)
    {
        var dims = text.Split(['x', 'X', '×', ','])
            .Select(d => long.TryParse(d, NumberStyles.None, CultureInfo.InvariantCulture, out var v) ? v : 0).ToArray();
        // An input of which nothing is declared is taken to be what is given, of any size.
        foreach (var input in model.Graph.Inputs.Where(v => v.Initializer is null && v.Tensor is { Shape: null }))
        {
            input.Type = input.Tensor! with
            {
                Shape = new Shape(
                dims.Select((dim, axis) => dims.Length == 4 && axis == 1 && dim > 0 ? Dim.Known(dim) : Dim.Unknown))
            };
        }

        var inputs = model.Graph.Inputs.Where(v => v.Initializer is null && v.Shape?.Rank == dims.Length).ToList();
        if (dims.Contains(0) || inputs.Count == 0
            || !inputs[0].Shape!.Zip(dims).All(d => !d.First.IsKnown || d.First.Value == d.Second))
        {
            var wanted = model.Graph.Inputs.FirstOrDefault(v => v.Initializer is null);
            throw new MsSrException(new Diagnostic("MSSR3005", Severity.Error,
                $"'{text}' does not match the model's input '{wanted?.Name}' {wanted?.Shape}.", "--input-shape",
                "Give every dimension, for example 1x3x128x128."));
        }

        // Further inputs of that rank get the same size; a channel count of their own stays.
        var shapes = CostModel.DefaultShapes(model).ToDictionary();
        foreach (var input in inputs)
            shapes[input.Name] = new Shape(input.Shape!.Zip(dims, (dim, given) => dim.IsKnown ? dim : Dim.Known(given)));
        return shapes;
    }
}
