using System.CommandLine;
using System.Globalization;
using MsSrConvert.Cli.Output;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Passes;
using MsSrConvert.Passes.Analysis;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.MultiScale;

namespace MsSrConvert.Cli.Commands;

/// <summary>The arguments and options that converting and inspecting have in common.</summary>
internal sealed class ConversionInputs
{
    /// <summary>The source model.</summary>
    public Argument<FileInfo> Model { get; } = new("MODEL") { Description = "The ONNX model to convert.", Arity = ArgumentArity.ExactlyOne };

    private readonly Option<int> _branches = new("--branches", "-n")
    {
        Description = "Number of scales n, at least 2.", DefaultValueFactory = _ => 2, HelpName = "N",
    };

    private readonly Option<Interaction> _interaction = new("--interaction")
    {
        Description = "Which cross-scale kernels a layer has: adjacent scales (2n-2) or all (n(n-1)).", DefaultValueFactory = _ => Interaction.Adjacent,
        HelpName = "adjacent|full",
        CustomParser = result => Choose(result, [("adjacent", Interaction.Adjacent), ("full", Interaction.Full)]),
    };

    private readonly Option<string> _init = new("--init")
    {
        Description = "Starting weights: slice (cut from the source's) or random (Kaiming).", DefaultValueFactory = _ => "slice", HelpName = "slice|random",
    };

    private readonly Option<long> _seed = new("--seed") { Description = "Seed of --init random.", HelpName = "S" };

    private readonly Option<int> _align = new("--channel-align")
    {
        Description = "Round the channels of a branch up to a multiple of K.", DefaultValueFactory = _ => 1, HelpName = "K",
    };

    private readonly Option<string[]> _keep = new("--keep")
    {
        Description = "Leave nodes whose name matches as they are (* and ? stand for anything).", HelpName = "PATTERN", AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<string> _fuseAt = new("--fuse-at")
    {
        Description = "Where the branches end: at the last conv, before the first upscaling operator, or at a node.",
        DefaultValueFactory = _ => ConversionOptions.LastConv, HelpName = "last|upsampler|NODE",
    };

    private readonly Option<string> _separateAt = new("--separate-at")
    {
        Description = "Where the branches begin: at the first conv or at a node.", DefaultValueFactory = _ => ConversionOptions.FirstConv, HelpName = "first|NODE",
    };

    private readonly Option<bool> _assumeMultiple = new("--assume-multiple")
    {
        Description = "Inputs will come in the needed multiple: leave out the padding and cropping.",
    };

    private readonly Option<int?> _opset = new("--opset") { Description = "Operator set of the output (default: the source's, at least 13).", HelpName = "K" };

    private readonly Option<string> _inputShape = new("--input-shape")
    {
        Description = "Where multiply-adds are counted, e.g. 1x3x128x128 (default: the model's own, 128x128 where it is open).", HelpName = "NxCxHxW",
    };

    private readonly Option<DirectoryInfo> _dump = new("--dump-passes") { Description = "Write the graph as text after every pass into DIR.", HelpName = "DIR" };

    private readonly Option<bool> _json = new("--json") { Description = "Print the result as JSON." };

    /// <summary>Adds everything to a command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(Model);
        foreach (var option in new Option[] { _branches, _interaction, _init, _seed, _align, _keep, _fuseAt, _separateAt, _assumeMultiple, _opset, _inputShape, _json, _dump })
            command.Options.Add(option);
    }

    /// <summary>True when the result is wanted as JSON.</summary>
    public bool WantsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>The number of branches asked for.</summary>
    public int Branches(ParseResult parsed) => parsed.GetValue(_branches);

    /// <summary>Reads the source and converts it in memory.</summary>
    /// <exception cref="MsSrException">The file or an option is bad, or the model can't be handled.</exception>
    public ConversionResult Convert(ParseResult parsed)
    {
        var options = new ConversionOptions
        {
            Branches = parsed.GetValue(_branches),
            Interaction = parsed.GetValue(_interaction),
            ChannelAlign = parsed.GetValue(_align),
            Keep = parsed.GetValue(_keep) ?? [],
            FuseAt = parsed.GetValue(_fuseAt) ?? ConversionOptions.LastConv,
            SeparateAt = parsed.GetValue(_separateAt) ?? ConversionOptions.FirstConv,
            AssumeMultiple = parsed.GetValue(_assumeMultiple),
            Opset = parsed.GetValue(_opset),
        };
        var start = Start(parsed);
        Planner.Check(options);
        var model = OnnxFile.Read(parsed.GetValue(Model)!.FullName);
        IReadOnlyList<IPassObserver> observers = parsed.GetValue(_dump) is { } folder ? [new PassDumper(folder)] : [];
        return Converter.Convert(model, options, start, CostShapes(model, parsed.GetValue(_inputShape)), observers);
    }

    private IKernelInitializer Start(ParseResult parsed) => parsed.GetValue(_init) switch
    {
        "slice" => new SliceInitializer(),
        "random" => new RandomInitializer(parsed.GetValue(_seed)),
        var other => throw new MsSrException(new Diagnostic("MSSR3004", Severity.Error, $"There is no start called '{other}'.", "--init", "Use slice or random.")),
    };

    private static Dictionary<string, Shape>? CostShapes(Model model, string? text)
    {
        if (text is null)
            return null;
        var dims = text.Split(['x', 'X', '×', ',']).Select(d => long.TryParse(d, NumberStyles.None, CultureInfo.InvariantCulture, out var v) ? v : 0).ToArray();
        var shapes = model.Graph.Inputs.Where(v => v.Initializer is null && v.Shape is not null).ToDictionary(v => v.Name, v => v.Shape!);
        var first = shapes.FirstOrDefault();
        if (dims.Length == 0 || dims.Contains(0) || first.Value?.Rank != dims.Length)
        {
            throw new MsSrException(new Diagnostic("MSSR3005", Severity.Error,
                $"'{text}' is no shape for the model's input '{first.Key}' {first.Value}.", "--input-shape", "Give every dimension, for example 1x3x128x128."));
        }

        // Inputs of the same rank get the same size; a batch or channel count of their own stays.
        return shapes.Where(s => s.Value.Rank == dims.Length).ToDictionary(s => s.Key,
            s => new Shape(s.Value.Select((dim, axis) => axis == 1 && dim.IsKnown ? dim : Dim.Known(dims[axis]))));
    }

    private static T Choose<T>(System.CommandLine.Parsing.ArgumentResult result, IReadOnlyList<(string Name, T Value)> choices)
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
        foreach (var (name, value) in choices)
        {
            if (name == text)
                return value;
        }

        result.AddError($"'{text}' is not one of {string.Join(", ", choices.Select(c => c.Name))}.");
        return choices[0].Value;
    }
}
