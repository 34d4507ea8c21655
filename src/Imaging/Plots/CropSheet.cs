using System.Globalization;
using MsSrConvert.Imaging.Evaluation;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Imaging.Metrics;
using NetVips;

namespace MsSrConvert.Imaging.Plots;

/// <summary>
/// A sheet of details side by side: a row per image, a column for the true image, bicubic and each model. The detail is the part
/// of the true image with the strongest edges.
/// </summary>
public sealed class CropSheet
{
    private const int Detail = 64;
    private const int Zoom = 3;
    private const int Gap = 8;
    private const int LabelHeight = 20;
    private const int Step = 16;
    private readonly int _limit;
    private readonly List<IReadOnlyList<(string Label, Planes Image)>> _rows = [];

    /// <summary>Makes an empty sheet of <paramref name="limit"/> rows at most.</summary>
    public CropSheet(int limit = 8) => _limit = limit;

    /// <summary>Adds a row; only the details are kept. Rows beyond the limit are left out.</summary>
    public void Add(EvalImage picture)
    {
        if (_rows.Count == _limit)
            return;
        var (x, y) = StrongestEdges(picture.Truth);
        var truth = Cut(picture.Truth, x, y);
        _rows.Add([(picture.Name, truth), .. picture.Results.Select(r =>
        {
            var image = Cut(r.Image, x, y);
            return (Label(r.Name, image, truth), image);
        })]);
    }

    /// <summary>Writes the sheet.</summary>
    /// <exception cref="GraphIR.MsSrException">The extension stands for no image format (MSSR3402), or the file can't be written
    /// (MSSR1202).</exception>
    public void Write(string path)
    {
        const int cell = Detail * Zoom;
        var columns = Math.Max(1, _rows.Select(r => r.Count).DefaultIfEmpty().Max());
        var sheet = new Planes(3, Math.Max(1, _rows.Count) * (cell + LabelHeight + Gap) + Gap,
            columns * (cell + Gap) + Gap).Map(_ => 255);
        for (var row = 0; row < _rows.Count; row++)
        {
            for (var column = 0; column < _rows[row].Count; column++)
            {
                var (x, y) = (Gap + column * (cell + Gap), Gap + row * (cell + LabelHeight + Gap));
                sheet.Put(x, y + LabelHeight, Enlarge(_rows[row][column].Image));
                if (TryText(_rows[row][column].Label, cell) is { } text)
                    sheet.Put(x, y, text);
            }
        }

        ImageWriter.WriteAll(path, sheet);
    }

    private static string Label(string name, Planes image, Planes truth) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{ImageQuality.Psnr(image, truth):0.0} dB  {Path.GetFileNameWithoutExtension(name)}");

    private static Planes Cut(Planes image, int x, int y)
    {
        var part = image.Crop(x, y, Math.Min(Detail, image.Width), Math.Min(Detail, image.Height));
        return part.Channels == 3 ? part : Planes.Join(part, part, part);
    }

    private static Planes Enlarge(Planes image)
    {
        var result = new Planes(3, image.Height * Zoom, image.Width * Zoom);
        for (var c = 0; c < 3; c++)
        {
            for (var i = 0; i < result[c].Length; i++)
                result[c][i] = image[c][i / result.Width / Zoom * image.Width + i % result.Width / Zoom];
        }

        return result;
    }

    private static (int X, int Y) StrongestEdges(Planes image)
    {
        var luma = image.Channels == 1 ? image[0] : ColourConversion.ToLuma(image, LumaRange.Full)[0];
        var (best, place) = (-1.0, (0, 0));
        for (var y = 0; y <= Math.Max(0, image.Height - Detail); y += Step)
        {
            for (var x = 0; x <= Math.Max(0, image.Width - Detail); x += Step)
            {
                var sum = 0.0;
                for (var row = y; row < Math.Min(y + Detail, image.Height); row++)
                {
                    for (var at = row * image.Width + x + 1; at < row * image.Width + Math.Min(x + Detail, image.Width); at++)
                        sum += Math.Abs(luma[at] - luma[at - 1]);
                }

                if (sum > best)
                    (best, place) = (sum, (x, y));
            }
        }

        return place;
    }

    // Without fonts on the machine the sheet is still useful, so a label that can't be drawn is left out.
    private static Planes? TryText(string text, int width)
    {
        VipsSetup.Once();
        try
        {
            using var mask = Image.Text(System.Net.WebUtility.HtmlEncode(text), font: "sans 9", dpi: 96);
            var (wide, high) = (Math.Min(mask.Width, width), Math.Min(mask.Height, LabelHeight));
            using var part = mask.Crop(0, 0, wide, high);
            var bytes = part.WriteToMemory<byte>();
            var grey = new Planes([[.. bytes.Select(b => 255f - b)]], high, wide);
            return Planes.Join(grey, grey, grey);
        }
        catch (VipsException)
        {
            return null;
        }
    }
}
