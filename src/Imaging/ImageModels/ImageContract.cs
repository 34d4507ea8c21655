using MsSrConvert.Imaging.Images;

namespace MsSrConvert.Imaging.ImageModels;

/// <summary>Where the channels stand in a tensor of images.</summary>
public enum PixelLayout
{
    /// <summary>N,C,H,W.</summary>
    Nchw,
    /// <summary>N,H,W,C.</summary>
    Nhwc,
}

/// <summary>What the channels of a network's input mean.</summary>
public enum InputColour
{
    /// <summary>Red, green, blue.</summary>
    Rgb,
    /// <summary>Blue, green, red.</summary>
    Bgr,
    /// <summary>Luma and the two chroma channels of BT.601.</summary>
    YCbCr,
    /// <summary>Luma alone; chroma is resized by bicubic.</summary>
    Luma,
    /// <summary>One channel of any kind: red, green and blue go through one after the other.</summary>
    Gray,
}

/// <summary>The numbers that stand for black and white.</summary>
public enum ValueRange
{
    /// <summary>0..1.</summary>
    Unit,
    /// <summary>0..255.</summary>
    Byte,
    /// <summary>-1..1.</summary>
    Signed,
}

/// <summary>What a network is for.</summary>
public enum ImageTask
{
    /// <summary>It enlarges.</summary>
    SuperResolution,
    /// <summary>It sharpens an image that has been enlarged by bicubic before.</summary>
    PreUpscaled,
    /// <summary>It cleans an image and leaves its size (noise, blur, rain).</summary>
    Restoration,
}

/// <summary>Where a statement about a model comes from.</summary>
public enum ContractSource
{
    /// <summary>The model's declared shapes and types.</summary>
    Graph,
    /// <summary>The model's metadata.</summary>
    Metadata,
    /// <summary>Running the model on a synthetic image or on noise.</summary>
    Trial,
    /// <summary>Nothing told: the usual case is taken.</summary>
    Assumed,
    /// <summary>The user.</summary>
    Option,
}

/// <summary>One statement about how a model wants its images, and the reason for it.</summary>
/// <param name="Property">
/// What it is about: <c>layout</c>, <c>colour</c>, <c>range</c>, <c>task</c>, <c>scale</c>, <c>size</c>.
/// </param>
/// <param name="Value">What is the case.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Reason">How that was found, in words.</param>
public sealed record ContractNote(string Property, string Value, ContractSource Source, string Reason);

/// <summary>How a network wants its images and what it makes of them.</summary>
public sealed record ImageContract
{
    /// <summary>The output that holds the image; of several the largest.</summary>
    public string OutputName { get; init; } = "";

    /// <summary>The input's layout.</summary>
    public PixelLayout InputLayout { get; init; }

    /// <summary>The output's layout.</summary>
    public PixelLayout OutputLayout { get; init; }

    /// <summary>Channels of input and output: 1 or 3.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>What the channels mean.</summary>
    public InputColour Colour { get; init; }

    /// <summary>How far luma and chroma reach, where the colour has them.</summary>
    public LumaRange Luma { get; init; }

    /// <summary>The input's numbers.</summary>
    public ValueRange InputRange { get; init; }

    /// <summary>The output's numbers.</summary>
    public ValueRange OutputRange { get; init; }

    /// <summary>What the network is for.</summary>
    public ImageTask Task { get; init; }

    /// <summary>The network's own enlargement, output rows per input row.</summary>
    public int NetScale { get; init; } = 1;

    /// <summary>The enlargement of an image as a whole: <see cref="NetScale"/>, or that of the bicubic before it.</summary>
    public int Factor { get; init; } = 1;

    /// <summary>Output rows (and columns) that are missing from <see cref="NetScale"/> times the input's, half on each side:
    /// convolutions without padding.</summary>
    public int Shrink { get; init; }

    /// <summary>The only height the network takes, or null.</summary>
    public int? FixedHeight { get; init; }

    /// <summary>The only width the network takes, or null.</summary>
    public int? FixedWidth { get; init; }

    /// <summary>Height and width must be multiples of this.</summary>
    public int SizeMultiple { get; init; } = 1;

    /// <summary>The least height and width that are known to run.</summary>
    public int MinimumSize { get; init; } = 1;

    /// <summary>How each of these was found.</summary>
    public IReadOnlyList<ContractNote> Notes { get; init; } = [];

    /// <summary>How much larger the network's input is than the image: by the bicubic before it, where there is one.</summary>
    public int InputScale => Task == ImageTask.PreUpscaled ? Factor : 1;

    /// <summary>The distance from black to white in the output's numbers.</summary>
    public double OutputSpan => OutputRange switch { ValueRange.Unit => 1, ValueRange.Byte => 255, _ => 2 };

    /// <summary>The dimensions of an input, in the network's layout.</summary>
    public long[] InputDims(int batch, int height, int width) =>
        InputLayout == PixelLayout.Nchw ? [batch, Channels, height, width] : [batch, height, width, Channels];
}

/// <summary>What the user says about a model in place of a guess; null leaves it to the guess.</summary>
public sealed record ContractOptions
{
    /// <summary>What the channels mean.</summary>
    public InputColour? Colour { get; init; }

    /// <summary>How far luma and chroma reach.</summary>
    public LumaRange? Luma { get; init; }

    /// <summary>The input's numbers; also the output's unless that is set.</summary>
    public ValueRange? InputRange { get; init; }

    /// <summary>The output's numbers.</summary>
    public ValueRange? OutputRange { get; init; }

    /// <summary>What the network is for.</summary>
    public ImageTask? Task { get; init; }

    /// <summary>The enlargement wanted of a network that sharpens bicubic enlargements; 2 when not given.</summary>
    public int? Factor { get; init; }

    /// <summary>All that another model's contract says: for a model made from it whose own output says nothing yet.</summary>
    public static ContractOptions Like(ImageContract contract) => new()
    {
        Colour = contract.Colour,
        Luma = contract.Luma,
        InputRange = contract.InputRange,
        OutputRange = contract.OutputRange,
        Task = contract.Task,
        Factor = contract.Factor,
    };
}
