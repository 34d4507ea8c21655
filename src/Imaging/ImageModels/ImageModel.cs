using System.Globalization;
using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Method;
using MsSrConvert.Operators;
using MsSrConvert.Runtime;

namespace MsSrConvert.Imaging.ImageModels;

/// <summary>A network that turns images into images, opened and understood.</summary>
public sealed class ImageModel : IDisposable
{
    private const int UsualSide = 192;

    private ImageModel(string name, OnnxSession session, ImageContract contract, ReceptiveField field, double? bytesPerPixel)
    {
        Name = name;
        Session = session;
        Contract = contract;
        Field = field;
        BytesPerPixel = bytesPerPixel;
    }

    /// <summary>The file's name.</summary>
    public string Name { get; }

    /// <summary>The loaded model.</summary>
    public OnnxSession Session { get; }

    /// <summary>How it wants its images, with the reasons.</summary>
    public ImageContract Contract { get; private set; }

    /// <summary>What an output pixel depends on, in pixels of the network's input.</summary>
    public ReceptiveField Field { get; }

    /// <summary>Memory in use per pixel of the network's input, or null where it can't be estimated.</summary>
    public double? BytesPerPixel { get; }

    /// <summary>Opens a model file and finds out how it wants its images.</summary>
    /// <exception cref="MsSrException">The file is missing or no ONNX model (MSSR1xxx); the model doesn't turn an image into an
    /// image (MSSR1203); ONNX Runtime refuses it (MSSR5001); the device is missing (MSSR5004); an option contradicts it
    /// (MSSR3404).</exception>
    public static ImageModel Open(string path, ContractOptions? contract = null, OnnxSessionOptions? options = null)
    {
        var graph = ModelFile.Read(path);
        var session = OnnxSession.Open(path, options);
        try
        {
            return Understand(Path.GetFileName(path), graph, session, contract);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static ImageModel Understand(string name, Model graph, OnnxSession session, ContractOptions? options)
    {
        var contract = ContractGuess.Make(session, graph, name, options);
        // Large enough that every grid has several cells, and a multiple of all strides: only then do sizes tell the grids apart.
        var multiple = int.TryParse(session.Metadata.GetValueOrDefault(MetadataKeys.SizeMultiple), NumberStyles.None,
            CultureInfo.InvariantCulture, out var stated)
            ? Math.Max(1, stated)
            : 1;
        var side = Multiples.RoundUp(UsualSide, multiple);
        var (height, width) = (contract.FixedHeight ?? side, contract.FixedWidth ?? side);
        var dims = contract.InputDims(1, height, width);
        var field = ReceptiveField.Of(graph, dims);
        return new ImageModel(name, session, contract, field, MemoryEstimate.BytesPerPixel(graph, height, width, dims));
    }

    /// <summary>Sets the enlargement of a network that sharpens bicubic enlargements; others have their own.</summary>
    /// <exception cref="MsSrException">The network enlarges by another factor (MSSR3404).</exception>
    public void SetFactor(int factor) => Contract = ContractGuess.WithFactor(Contract, factor, Name);

    /// <summary>True where the network's own output tells what its numbers mean; false for one that isn't trained.</summary>
    public bool IsUnderstood => Contract.Notes.All(n => n is not { Property: "range", Source: ContractSource.Assumed });

    /// <summary>Reads the model's images as another model's where its own output tells nothing and the other's does, as with a
    /// model that was made from the other and isn't trained yet.</summary>
    /// <returns>True when that was done.</returns>
    public bool ReadLike(ImageModel other)
    {
        if (IsUnderstood || !other.IsUnderstood || other.Contract.Channels != Contract.Channels
            || other.Contract.NetScale != Contract.NetScale)
        {
            return false;
        }

        Contract = ContractGuess.Like(Contract, other.Contract, other.Name);
        return true;
    }

    /// <summary>Runs the network on channels as it wants them.</summary>
    /// <param name="channels">The network's channels in grey levels 0..255, of a size the contract allows.</param>
    /// <returns>The network's output in grey levels, <see cref="ImageContract.Shrink"/> smaller than
    /// <see cref="ImageContract.NetScale"/> times the input.</returns>
    /// <exception cref="MsSrException">
    /// The model fails (MSSR5002) or gives another size than it gave before (MSSR5005).
    /// </exception>
    public Planes Run(Planes channels)
    {
        var output = Session.Run(ImageTensors.FromPlanes(channels, Contract.InputLayout, Contract.InputRange),
            Contract.OutputName);
        var image = ImageTensors.ToPlanes(output, Contract.OutputLayout, Contract.OutputRange);
        var (height, width) = (channels.Height * Contract.NetScale - Contract.Shrink,
            channels.Width * Contract.NetScale - Contract.Shrink);
        if (image.Height != height || image.Width != width || image.Channels != Contract.Channels)
        {
            throw new MsSrException(new Diagnostic("MSSR5005", Severity.Error,
                $"The model makes {output} of {channels.Height}x{channels.Width} pixels; {height}x{width} were expected.", Name));
        }

        return image;
    }

    /// <summary>Frees the model.</summary>
    public void Dispose() => Session.Dispose();
}
