using System.Globalization;
using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Runtime;

namespace MsSrConvert.Imaging.ImageModels;

/// <summary>Works out how a model wants its images: from options, metadata, declared shapes, and by trying.</summary>
public static class ContractGuess
{
    private static readonly string[] Meaning = ["colour", "range", "task"];

    /// <summary>The contract of an opened model, with a note on how each part was found.</summary>
    /// <param name="session">The model; it is run some ten times on small images.</param>
    /// <param name="model">The same model's graph.</param>
    /// <param name="name">Its name for messages.</param>
    /// <param name="options">What the user says.</param>
    /// <exception cref="MsSrException">The model doesn't turn one image into another (MSSR1203), or an option contradicts it
    /// (MSSR3404).</exception>
    public static ImageContract Make(OnnxSession session, Model model, string name, ContractOptions? options = null)
    {
        options ??= new ContractOptions();
        var padsItself = session.Metadata.GetValueOrDefault(MetadataKeys.AnySize) != "false";
        var stated = session.Metadata.GetValueOrDefault(MetadataKeys.SizeMultiple);
        int? multiple = !padsItself
            && int.TryParse(stated, NumberStyles.None, CultureInfo.InvariantCulture, out var m) ? m : null;
        var shape = ShapeTrial.Run(session, model, name, multiple);
        shape = shape with { Notes = ShapeNotes(session, shape, multiple is not null) };
        var contract = FromMetadata(session.Metadata, shape)
            ?? ContentTrial.Run(session, shape, UntrainedModel.StartOf(session.Metadata) is null);
        if (session.Inputs[0].Element == ElementType.UInt8)
            contract = Bytes(contract);
        return Apply(contract, options, name);
    }

    /// <summary>Writes colour, ranges and task into a model's metadata, where <see cref="Make"/> finds them again: for models
    /// whose output says nothing yet, such as one that has just been converted.</summary>
    public static void WriteMetadata(Model model, ImageContract contract)
    {
        model.SetMetadata(MetadataKeys.ImageColour, ContractText.Of(contract.Colour, contract.Luma));
        model.SetMetadata(MetadataKeys.ImageRange, ContractText.Of(contract.InputRange));
        model.SetMetadata(MetadataKeys.ImageOutputRange, ContractText.Of(contract.OutputRange));
        model.SetMetadata(MetadataKeys.ImageTask, ContractText.Of(contract.Task));
    }

    /// <summary>True where a model's metadata says how it wants its images.</summary>
    internal static bool IsStated(Model model) => model.GetMetadata(MetadataKeys.ImageColour) is not null;

    private static ImageContract? FromMetadata(IReadOnlyDictionary<string, string> metadata, ImageContract shape)
    {
        if (!metadata.TryGetValue(MetadataKeys.ImageColour, out var colour)
            || !metadata.TryGetValue(MetadataKeys.ImageRange, out var input)
            || !metadata.TryGetValue(MetadataKeys.ImageTask, out var task))
        {
            return null;
        }

        var (meaning, luma) = ContractText.ParseColour(colour);
        var output = metadata.GetValueOrDefault(MetadataKeys.ImageOutputRange, input);
        var contract = shape with
        {
            Colour = meaning,
            Luma = luma,
            InputRange = ContractText.ParseRange(input),
            OutputRange = ContractText.ParseRange(output),
            Task = ContractText.ParseTask(task),
        };
        return contract with
        {
            Factor = contract.Task == ImageTask.PreUpscaled ? 2 : contract.NetScale,
            Notes =
            [
                .. shape.Notes, Note("range", input == output ? input : $"{input} in, {output} out"), Note("task", task),
                Note("colour", colour),
            ],
        };

        static ContractNote Note(string property, string value) =>
            new(property, value, ContractSource.Metadata, "the model's metadata says so");
    }

    private static ImageContract Bytes(ImageContract contract) => contract with
    {
        InputRange = ValueRange.Byte,
        OutputRange = ValueRange.Byte,
        Notes =
        [
            .. contract.Notes.Where(n => n.Property != "range"),
            new ContractNote("range", ContractText.Of(ValueRange.Byte), ContractSource.Graph, "the input's type is uint8"),
        ],
    };

    private static List<ContractNote> ShapeNotes(OnnxSession session, ImageContract shape, bool multipleStated)
    {
        var declared = $"the input '{session.Inputs[0].Name}' is {session.Inputs[0]}";
        var layout = shape.InputLayout == shape.OutputLayout
            ? Word(shape.InputLayout) : $"{Word(shape.InputLayout)} in, {Word(shape.OutputLayout)} out";
        var notes = new List<ContractNote> { new("layout", layout, ContractSource.Graph, declared) };
        var missing = shape.Shrink == 0 ? "" : Invariant($", {shape.Shrink / 2} output pixels are missing on each side");
        notes.Add(
            new ContractNote("scale", Invariant($"{shape.NetScale}"), ContractSource.Trial,
                "measured on the output's size" + missing));
        var size = shape.FixedHeight is null && shape.FixedWidth is null
            ? Invariant(
                $"any{(shape.SizeMultiple == 1 ? "" : $" multiple of {shape.SizeMultiple}")}, {shape.MinimumSize} or more")
            : Invariant(
                $"{shape.FixedHeight?.ToString(CultureInfo.InvariantCulture) ?? "any"}x{shape.FixedWidth?.ToString(CultureInfo.InvariantCulture) ?? "any"}");
        var source = shape.FixedHeight is not null || shape.FixedWidth is not null ? ContractSource.Graph
            : multipleStated ? ContractSource.Metadata : ContractSource.Trial;
        notes.Add(new ContractNote("size", size, source, source switch
        {
            ContractSource.Graph => declared,
            ContractSource.Metadata => "the model's metadata says so",
            _ when shape.SizeMultiple == 1 => "odd and even sizes were tried",
            _ => "other sizes fail or change the output's size",
        }));
        return notes;

        static string Word(PixelLayout layout) => layout.ToString().ToUpperInvariant();
    }

    private static ImageContract Apply(ImageContract contract, ContractOptions options, string name)
    {
        var notes = contract.Notes.ToList();
        if (options.Colour is { } colour)
        {
            contract = contract with { Colour = colour };
            if ((colour is InputColour.Rgb or InputColour.Bgr or InputColour.YCbCr) != (contract.Channels == 3))
            {
                throw Contradicts(name,
                    $"colour {ContractText.Of(colour, contract.Luma)} doesn't fit its {contract.Channels} channel(s)");
            }
        }

        if (options.Luma is { } luma)
            contract = contract with { Luma = luma };
        if (options.Colour is not null || options.Luma is not null)
            Replace("colour", ContractText.Of(contract.Colour, contract.Luma));
        if (options.InputRange is not null || options.OutputRange is not null)
        {
            var input = options.InputRange ?? contract.InputRange;
            contract = contract with
            {
                InputRange = input,
                OutputRange = options.OutputRange ?? options.InputRange ?? contract.OutputRange
            };
            Replace("range", $"{ContractText.Of(contract.InputRange)} in, {ContractText.Of(contract.OutputRange)} out");
        }

        if (options.Task is { } task)
        {
            if ((task == ImageTask.SuperResolution) != (contract.NetScale > 1))
            {
                throw Contradicts(name,
                    $"task {ContractText.Of(task)} doesn't fit a network that enlarges {contract.NetScale} times");
            }

            contract = contract with { Task = task, Factor = task == ImageTask.PreUpscaled ? 2 : contract.NetScale };
            Replace("task", ContractText.Of(task));
        }

        contract = contract with { Notes = notes };
        return options.Factor is { } factor ? WithFactor(contract, factor, name) : contract;

        void Replace(string property, string value)
        {
            notes.RemoveAll(n => n.Property == property);
            notes.Add(new ContractNote(property, value, ContractSource.Option, "given as an option"));
        }
    }

    /// <summary>The contract with another enlargement by the bicubic in front of the network.</summary>
    /// <exception cref="MsSrException">The network enlarges by another factor (MSSR3404).</exception>
    internal static ImageContract WithFactor(ImageContract contract, int factor, string name)
    {
        if (factor == contract.Factor)
            return contract;
        if (contract.Task != ImageTask.PreUpscaled || factor < 1)
            throw Contradicts(name, Invariant($"it enlarges {contract.Factor} times, not {factor} times"));
        return contract with { Factor = factor };
    }

    /// <summary>The contract with the other's meaning of numbers: colour, ranges, task.</summary>
    internal static ImageContract Like(ImageContract contract, ImageContract other, string otherName) => contract with
    {
        Colour = other.Colour,
        Luma = other.Luma,
        InputRange = other.InputRange,
        OutputRange = other.OutputRange,
        Task = other.Task,
        Factor = other.Factor,
        Notes =
        [
            .. contract.Notes.Where(n => !Meaning.Contains(n.Property)),
            .. other.Notes.Where(n => Meaning.Contains(n.Property))
                .Select(n => n with { Reason = $"as {otherName}, since this network isn't trained" }),
        ],
    };

    private static MsSrException Contradicts(string name, string why) =>
        new(new Diagnostic("MSSR3404", Severity.Error, $"An option contradicts the model: {why}.", name));

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
