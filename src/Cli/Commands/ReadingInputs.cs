using System.CommandLine;
using MsSrConvert.Cli.Output;
using MsSrConvert.Imaging.Images;

namespace MsSrConvert.Cli.Commands;

/// <summary>The option of how large images may be.</summary>
internal sealed class ReadingInputs
{
    /// <summary>The option.</summary>
    public Option<long> MaxPixels { get; } = new("--max-pixels")
    {
        Description = "Pixels that an image file may have, all frames together; larger ones aren't opened.",
        HelpName = "N",
        DefaultValueFactory = _ => ImageReading.Default.MaxPixels,
        CustomParser = OptionValues.Pixels,
    };

    /// <summary>How images are opened; warnings go to the console.</summary>
    public ImageReading Read(CommandConsole console, ParseResult parsed) =>
        new() { MaxPixels = parsed.GetValue(MaxPixels), Warn = console.Report };
}
