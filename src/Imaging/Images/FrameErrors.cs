using MsSrConvert.GraphIR;

namespace MsSrConvert.Imaging.Images;

/// <summary>What is said where a file's frames can't all be taken: never is the first one taken in silence.</summary>
internal static class FrameErrors
{
    private const string TakeApart = "Take the file apart into single images.";

    /// <summary>One image is wanted.</summary>
    public static MsSrException Several(string path, int count) =>
        Make(path, $"The file holds {count} frames, where one image is wanted.", $"{TakeApart} Only 'upscale' takes all frames.");

    /// <summary>The format to write holds one frame.</summary>
    public static MsSrException TooMany(string path, int count, ImageFormat format) => Make(
        path, $"The source holds {count} frames and {format.Name} only one.",
        $"Write to {string.Join(", ", ImageFormat.All.Where(f => f.Frames).SelectMany(f => f.Extensions))}, or take the source apart.");

    /// <summary>A frame differs from the first.</summary>
    public static MsSrException Unlike(string path, int frame, int count, string how) =>
        Make(path, $"Frame {frame + 1} of {count} {how}; they can't be written to one file.", TakeApart);

    private static MsSrException Make(string path, string message, string hint) =>
        new(new Diagnostic("MSSR1208", Severity.Error, message, path, hint));
}
