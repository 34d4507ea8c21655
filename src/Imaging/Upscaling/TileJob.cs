using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Images;

namespace MsSrConvert.Imaging.Upscaling;

/// <summary>
/// Computes one tile: reads what the network needs, converts colours there and back, and adds what it doesn't make.
/// </summary>
/// <param name="model">The network.</param>
/// <param name="source">The image.</param>
/// <param name="before">The bicubic enlargement in front of the network; 1 for none.</param>
internal sealed class TileJob(ImageModel model, PixelSource source, int before)
{
    private readonly ImageContract _contract = model.Contract;

    /// <summary>After <see cref="Compute"/>: the luma as the network itself gave it, where it works on luma; else null.</summary>
    public Planes? Luma { get; private set; }

    /// <summary>The result's part that the two spans keep: colours, and alpha where the image has it.</summary>
    public Planes Compute(TileSpan column, TileSpan row)
    {
        var region = source.ReadMirrored(column.InputStart, row.InputStart, column.InputLength, row.InputLength, before)
            .FirstChannels(source.ColourChannels);
        var colours = _contract.Colour switch
        {
            InputColour.Gray =>
                Planes.Join([.. Enumerable.Range(0, region.Channels).Select(c => Through(region.Channel(c), column, row))]),
            InputColour.Luma => WithLuma(region, column, row),
            _ => WithColour(region, column, row),
        };
        return source.HasAlpha ? Planes.Join(colours, Enlarged(column, row).Channel(source.ColourChannels)) : colours;
    }

    private Planes WithColour(Planes region, TileSpan column, TileSpan row)
    {
        var output = Through(NetColours.FromRgb(AsColour(region), _contract), column, row);
        Luma = _contract.Colour == InputColour.YCbCr ? output.Channel(0) : null;
        var rgb = NetColours.ToRgb(output, _contract);
        return region.Channels == 3 ? rgb : ColourConversion.ToLuma(rgb, LumaRange.Full);
    }

    private Planes WithLuma(Planes region, TileSpan column, TileSpan row)
    {
        var luma = Through(NetColours.FromRgb(AsColour(region), _contract), column, row);
        Luma = luma;
        if (region.Channels == 1)
        {
            var neutral = luma.Map(_ => 128);
            return ColourConversion.ToRgb(Planes.Join(luma, neutral, neutral), _contract.Luma).Channel(0);
        }

        var smooth = ColourConversion.ToYCbCr(Enlarged(column, row).FirstChannels(3), _contract.Luma);
        return ColourConversion.ToRgb(Planes.Join(luma, smooth.Channel(1), smooth.Channel(2)), _contract.Luma);
    }

    // The network's output for the region, cut down to what the spans keep.
    private Planes Through(Planes channels, TileSpan column, TileSpan row)
    {
        var output = model.Run(channels);
        var (scale, missing) = (_contract.NetScale, _contract.Shrink / 2);
        return output.Crop(
            (column.Start - column.InputStart) * scale - missing, (row.Start - row.InputStart) * scale - missing,
            column.Length * scale, row.Length * scale);
    }

    private Planes Enlarged(TileSpan column, TileSpan row)
    {
        var scale = _contract.NetScale;
        return source.ReadEnlarged(
            column.Start * scale, row.Start * scale, column.Length * scale, row.Length * scale, before * scale);
    }

    private static Planes AsColour(Planes region) => region.Channels == 3 ? region : Planes.Join(region, region, region);
}
