using MsSrConvert.GraphIR;

namespace MsSrConvert.Imaging.ImageModels;

/// <summary>
/// Hands on how a source wants its images to the model made from it, whose own output tells nothing until it is trained.
/// </summary>
public static class SourceContract
{
    // Finding it out costs as much as two or three runs at 128x128: some fifteen on small images.
    private const double MostMacs = 100e9;

    /// <summary>Writes it into the converted model's metadata, where the source's output tells it at a small cost.</summary>
    /// <param name="converted">The converted model.</param>
    /// <param name="source">The source's file.</param>
    /// <param name="macs">The multiply-adds of one run of the source.</param>
    /// <returns>True when the metadata says it now, or said it before.</returns>
    public static bool Write(Model converted, string source, double macs)
    {
        if (ContractGuess.IsStated(converted))
            return true;
        if (macs > MostMacs)
            return false;
        try
        {
            using var model = ImageModel.Open(source);
            if (!model.IsUnderstood)
                return false;
            ContractGuess.WriteMetadata(converted, model.Contract);
            return true;
        }
        catch (MsSrException)
        {
            // It doesn't turn an image into an image, or doesn't run by itself; nobody will ask how it wants its images.
            return false;
        }
    }
}
