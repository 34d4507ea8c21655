using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Method;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Training.Execution;
using MsSrConvert.Training.Operators;
using static TorchSharp.torch;

namespace MsSrConvert.Training;

/// <summary>A model file opened for training or teaching: its graph, its network, and how it wants its images.</summary>
internal sealed class TrainingModel : IDisposable
{
    private TrainingModel(string path, Model model, ImageModel image, Device device, TorchOperators operators)
    {
        Path = path;
        Graph = model;
        Image = image;
        Network = new TorchNetwork(model, device, operators);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The graph in the form in which models are trained.</summary>
    public Model Graph { get; }

    /// <summary>The model in ONNX Runtime, and how it wants its images.</summary>
    public ImageModel Image { get; }

    /// <summary>The network.</summary>
    public TorchNetwork Network { get; }

    /// <summary>The graph output that holds the image.</summary>
    public Value Output => Graph.Graph.Outputs.First(o => o.Name == Image.Contract.OutputName);

    /// <summary>True for a model that has been made good already: its weights are only to be refined.</summary>
    public bool IsRefined =>
        Graph.GetMetadata(MetadataKeys.Calibrated) is not null || Graph.GetMetadata(MetadataKeys.Trained) is not null;

    /// <summary>Opens a model.</summary>
    /// <exception cref="MsSrException">It can't be read (MSSR1xxx), is in deploy form (MSSR2201), has several inputs (MSSR2602),
    /// or doesn't turn an image into an image (MSSR1203).</exception>
    public static TrainingModel Open(string path, ContractOptions contract, Device device, TorchOperators operators)
    {
        var model = ModelFile.Read(path);
        TrainForm.Apply(model, Runtime.NodeRunner.Run);
        var image = ImageModel.Open(path, contract);
        try
        {
            return new TrainingModel(path, model, image, device, operators);
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a teacher that means something else by its numbers than the student.</summary>
    /// <exception cref="MsSrException">They differ (MSSR3607).</exception>
    public void RequireLike(ImageContract student)
    {
        var own = Image.Contract;
        var (mine, its) = (Meaning(own), Meaning(student));
        if (mine != its)
        {
            throw new MsSrException(new Diagnostic("MSSR3607", Severity.Error,
                $"the teacher takes and gives other images ({mine}) than the model ({its}).", Path,
                "Say how they are with --colour, --range and --net-task."));
        }
    }

    private static string Meaning(ImageContract contract) => string.Join(", ",
        ContractText.Of(contract.Colour, contract.Luma), ContractText.Of(contract.InputRange),
        ContractText.Of(contract.OutputRange),
        contract.InputLayout, contract.OutputLayout, $"{contract.NetScale} times", $"{contract.Shrink} pixels less");

    /// <summary>Frees the model.</summary>
    public void Dispose()
    {
        Network.Dispose();
        Image.Dispose();
    }
}
