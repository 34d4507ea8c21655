using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.Images;

namespace MsSrConvert.Imaging.ImageModels;

/// <summary>The words for a contract's parts, as options take them, metadata holds them and reports print them.</summary>
public static class ContractText
{
    private static readonly Dictionary<string, (InputColour Colour, LumaRange Luma)> Colours = new()
    {
        ["rgb"] = (InputColour.Rgb, LumaRange.Studio),
        ["bgr"] = (InputColour.Bgr, LumaRange.Studio),
        ["ycbcr"] = (InputColour.YCbCr, LumaRange.Studio),
        ["ycbcr-full"] = (InputColour.YCbCr, LumaRange.Full),
        ["y"] = (InputColour.Luma, LumaRange.Studio),
        ["y-full"] = (InputColour.Luma, LumaRange.Full),
        ["gray"] = (InputColour.Gray, LumaRange.Studio),
    };

    private static readonly Dictionary<string, ValueRange> Ranges = new()
    {
        ["0..1"] = ValueRange.Unit,
        ["0..255"] = ValueRange.Byte,
        ["-1..1"] = ValueRange.Signed,
    };

    private static readonly Dictionary<string, ImageTask> Tasks = new()
    {
        ["sr"] = ImageTask.SuperResolution,
        ["preup"] = ImageTask.PreUpscaled,
        ["restore"] = ImageTask.Restoration,
    };

    /// <summary>Reads <c>rgb</c>, <c>bgr</c>, <c>ycbcr</c>, <c>ycbcr-full</c>, <c>y</c>, <c>y-full</c> or <c>gray</c>.</summary>
    /// <exception cref="MsSrException">The text is none of these (MSSR3403).</exception>
    public static (InputColour Colour, LumaRange Luma) ParseColour(string text) => Parse(text, "colour", Colours);

    /// <summary>Reads <c>0..1</c>, <c>0..255</c> or <c>-1..1</c>.</summary>
    /// <exception cref="MsSrException">The text is none of these (MSSR3403).</exception>
    public static ValueRange ParseRange(string text) => Parse(text, "value range", Ranges);

    /// <summary>Reads <c>sr</c>, <c>preup</c> or <c>restore</c>.</summary>
    /// <exception cref="MsSrException">The text is none of these (MSSR3403).</exception>
    public static ImageTask ParseTask(string text) => Parse(text, "task", Tasks);

    /// <summary>The word for a colour.</summary>
    public static string Of(InputColour colour, LumaRange luma) =>
        Colours.First(c => c.Value == (colour, colour is InputColour.YCbCr or InputColour.Luma ? luma : LumaRange.Studio)).Key;

    /// <summary>The word for a range.</summary>
    public static string Of(ValueRange range) => Ranges.First(r => r.Value == range).Key;

    /// <summary>The word for a task.</summary>
    public static string Of(ImageTask task) => Tasks.First(t => t.Value == task).Key;

    private static T Parse<T>(string text, string what, Dictionary<string, T> words) =>
        words.TryGetValue(text.Trim().ToLowerInvariant(), out var value)
            ? value
            : throw new MsSrException(new Diagnostic("MSSR3403", Severity.Error, $"'{text}' is no {what}.", null,
                $"Use {string.Join(", ", words.Keys)}."));
}
