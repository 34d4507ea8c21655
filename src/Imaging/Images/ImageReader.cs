using MsSrConvert.GraphIR;
using NetVips;

namespace MsSrConvert.Imaging.Images;

/// <summary>
/// An image file opened for reading part by part: PNG, JPEG, WebP or TIFF, grey or colour, with or without alpha, 8 or 16 bits.
/// Large files are unpacked to a temporary file by the image library, not into memory.
/// </summary>
public sealed class ImageReader : IDisposable
{
    private static readonly string[] Loaders = ["png", "jpeg", "webp", "tiff"];
    private readonly string _path;
    private readonly ImageReading _reading;
    private Image _image;
    private Func<Image>? _openTolerant;

    private ImageReader(string path, ImageReading reading, Image image, Func<Image>? openTolerant) =>
        (_path, _reading, _image, _openTolerant) = (path, reading, image, openTolerant);

    /// <summary>Columns, after turning the image as its orientation tag says.</summary>
    public int Width => _image.Width;

    /// <summary>Rows.</summary>
    public int Height => _image.Height;

    /// <summary>1 for grey, 3 for red, green and blue.</summary>
    public int ColourChannels => _image.Bands >= 3 ? 3 : 1;

    /// <summary>True when there is a transparency channel behind the colours.</summary>
    public bool HasAlpha => _image.Bands is 2 or 4;

    /// <summary>Bits per channel: 8 or 16.</summary>
    public int Bits => _image.Format == Enums.BandFormat.Uchar ? 8 : 16;

    /// <summary>The colour profile, or null.</summary>
    public byte[]? ColourProfile => _image.Contains("icc-profile-data") ? (byte[])_image.Get("icc-profile-data") : null;

    /// <summary>How many frames the file holds: of an animation, or pages of a TIFF file.</summary>
    internal int FramesInFile => Number(_image, "n-pages", 1);

    /// <summary>How often an animation is played, 0 for ever.</summary>
    internal int Loop => Number(_image, "loop", 0);

    /// <summary>How long the frames of an animation are shown, in milliseconds; null where the file doesn't say.</summary>
    internal int[]? Delays => _image.Contains("delay") ? (int[])_image.Get("delay") : null;

    /// <summary>Opens a file that holds one image; pixels are decoded when first read.</summary>
    /// <exception cref="MsSrException">The file is missing, is no image of a known format, or has channels or pixel types that
    /// aren't handled (MSSR1201); it holds several frames (MSSR1208); it is too large (MSSR1209, MSSR1211).</exception>
    public static ImageReader Open(string path, ImageReading? reading = null)
    {
        var reader = OpenFrame(path, 0, reading);
        if (reader.FramesInFile == 1)
            return reader;
        using (reader)
            throw FrameErrors.Several(path, reader.FramesInFile);
    }

    /// <summary>Opens one frame of a file; pixels are decoded when first read.</summary>
    /// <exception cref="MsSrException">As <see cref="Open"/>, several frames left out.</exception>
    internal static ImageReader OpenFrame(string path, int frame, ImageReading? reading = null)
    {
        if (!File.Exists(path))
            throw Bad(path, "There is no such file.");
        if (FilePlace.WhatElse(path) is { } kind)
            throw Bad(path, $"This is {kind}, not a file.");
        VipsSetup.Once();
        var limits = reading ?? ImageReading.Default;
        Image? image = null;
        try
        {
            image = Load(path, frame, Enums.FailOn.Error);
            var loader = image.Contains("vips-loader") ? (string)image.Get("vips-loader") : "";
            if (!Loaders.Any(l => loader.StartsWith(l, StringComparison.Ordinal)))
                throw Bad(path, "This is not a PNG, JPEG, WebP or TIFF image.");
            limits.Require(path, image.Width, image.Height, Number(image, "n-pages", 1),
                image.Bands * (image.Format == Enums.BandFormat.Uchar ? 1 : 2));
            if (!loader.StartsWith("jpeg", StringComparison.Ordinal))
                return new ImageReader(path, limits, Normalize(path, image), null);
            // Only JPEG goes on after what it can't make out, and then the pixels are wrong. First without that.
            image.Dispose();
            image = Load(path, frame, Enums.FailOn.Warning);
            return new ImageReader(path, limits, Normalize(path, image),
                () => Normalize(path, Load(path, frame, Enums.FailOn.Error)));
        }
        catch (VipsException e)
        {
            image?.Dispose();
            throw Bad(path, $"This can't be read as an image: {Tidy(e)}.", e);
        }
        catch (MsSrException)
        {
            image?.Dispose();
            throw;
        }
    }

    // Loaders of formats without frames don't know the option.
    private static Image Load(string path, int frame, Enums.FailOn failOn) => Image.NewFromFile(path,
        access: Enums.Access.Random, failOn: failOn, kwargs: frame > 0 ? new VOption { { "page", frame } } : null);

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="MsSrException">As <see cref="Open"/> and <see cref="Read"/>.</exception>
    public static Planes ReadAll(string path, ImageReading? reading = null)
    {
        using var reader = Open(path, reading);
        return reader.Read(0, 0, reader.Width, reader.Height);
    }

    /// <summary>
    /// Reads a part: the colour channels, then alpha where there is one. Of a damaged JPEG file what can be made out is read, and
    /// a warning says so (MSSR1210).
    /// </summary>
    /// <exception cref="MsSrException">The file is damaged (MSSR1201).</exception>
    public Planes Read(int x, int y, int width, int height)
    {
        try
        {
            return Decode(x, y, width, height);
        }
        catch (VipsException e) when (_openTolerant is not null)
        {
            return ReadTolerant(e, x, y, width, height);
        }
        catch (VipsException e)
        {
            throw Damaged(e);
        }
    }

    private Planes ReadTolerant(VipsException strict, int x, int y, int width, int height)
    {
        try
        {
            (var before, _image) = (_image, _openTolerant!());
            _openTolerant = null;
            before.Dispose();
            var planes = Decode(x, y, width, height);
            _reading.Warn?.Invoke(new Diagnostic("MSSR1210", Severity.Warning,
                $"The file is damaged ({Tidy(strict)}); parts of the image may be wrong.", _path, "Get the file anew."));
            return planes;
        }
        catch (VipsException e)
        {
            throw Damaged(e);
        }
    }

    private Planes Decode(int x, int y, int width, int height)
    {
        var planes = new Planes(_image.Bands, height, width);
        using var part = _image.Crop(x, y, width, height);
        if (Bits == 8)
            Split<byte>(part.WriteToMemory<byte>(), planes, v => v);
        else
            Split<ushort>(part.WriteToMemory<ushort>(), planes, v => v / 257f);
        return planes;
    }

    private MsSrException Damaged(VipsException e) => Bad(_path, $"The image is damaged: {Tidy(e)}.", e);

    private static int Number(Image image, string name, int fallback) =>
        image.Contains(name) ? (int)image.Get(name) : fallback;

    private static void Split<T>(ReadOnlySpan<T> pixels, Planes planes, Func<T, float> convert)
    {
        for (var c = 0; c < planes.Channels; c++)
        {
            var target = planes[c];
            for (int i = 0, at = c; i < target.Length; i++, at += planes.Channels)
                target[i] = convert(pixels[at]);
        }
    }

    private static Image Normalize(string path, Image image)
    {
        var upright = image.Autorot();
        if (upright.Interpretation is Enums.Interpretation.Cmyk or Enums.Interpretation.Lab)
            upright = ToSrgb(upright);
        if (upright.Format is not (Enums.BandFormat.Uchar or Enums.BandFormat.Ushort))
            throw Bad(path, $"Its pixels are of type {upright.Format.ToString().ToLowerInvariant()}; 8 and 16 bits are handled.");
        if (upright.Bands > 4)
            throw Bad(path, $"It has {upright.Bands} channels; grey and colour, with or without alpha, are handled.");
        return upright;
    }

    // The profile speaks of the old colours and must go.
    private static Image ToSrgb(Image image) => image.Colourspace(Enums.Interpretation.Srgb).Mutate(m =>
    {
        if (image.Contains("icc-profile-data"))
            m.Remove("icc-profile-data");
    });

    private static string Tidy(VipsException e) =>
        string.Join("; ", e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Skip(1).Distinct()).TrimEnd('.');

    private static MsSrException Bad(string path, string message, Exception? inner = null) =>
        new(new Diagnostic("MSSR1201", Severity.Error, message, path), inner);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _image.Dispose();
}

/// <summary>Makes the image library keep quiet; done once per process.</summary>
internal static class VipsSetup
{
    private static readonly Lazy<bool> Done = new(() =>
    {
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.All, (_, _, _) => { });
        // Every file is opened once: remembering operations would only hold memory.
        Cache.Max = 0;
        return true;
    });

    public static void Once() => _ = Done.Value;
}
