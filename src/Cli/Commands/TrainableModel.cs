using MsSrConvert.GraphIR;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Runtime;

namespace MsSrConvert.Cli.Commands;

/// <summary>Reads a model in the form that goes to PyTorch and comes back from it.</summary>
internal static class TrainableModel
{
    /// <summary>A model in the form in which models are trained.</summary>
    /// <exception cref="MsSrException">
    /// The model can't be read (MSSR1xxx), is in deploy form (MSSR2201) or can't be handled (MSSR2xxx).
    /// </exception>
    public static Model Read(FileInfo file)
    {
        var model = ModelFile.Read(file.FullName);
        TrainForm.Apply(model, NodeRunner.Run);
        return model;
    }

    /// <summary>A model that was trained elsewhere, only its constants made initializers.</summary>
    /// <exception cref="MsSrException">The model can't be read (MSSR1xxx).</exception>
    public static Model Lifted(FileInfo file)
    {
        var model = ModelFile.Read(file.FullName);
        new PassRunner().Run(model, new PassContext(), Normalization.Lift());
        return model;
    }
}
