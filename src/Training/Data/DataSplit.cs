using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.Evaluation;
using MsSrConvert.Imaging.ImageModels;

namespace MsSrConvert.Training.Data;

/// <summary>Which images are trained on and which ones only measured on.</summary>
internal sealed class DataSplit
{
    private const int TrainedPerHeldBack = 20;
    private const int MostHeldBack = 8;

    /// <summary>Lists the images; the model's enlargement is set where pairs tell it.</summary>
    /// <exception cref="MsSrException">A folder is bad (MSSR1204), the task doesn't fit the model (MSSR3605), or pairs are
    /// missing (MSSR3606).</exception>
    public DataSplit(FineTuneRequest request, ImageModel model)
    {
        Task = request.Options.Task
            ?? (model.Contract.Task == ImageTask.Restoration ? TrainingTask.Denoising : TrainingTask.SuperResolution);
        if ((Task == TrainingTask.Denoising && model.Contract.Task != ImageTask.Restoration)
            || (Task == TrainingTask.SuperResolution && model.Contract.Task == ImageTask.Restoration))
        {
            throw new MsSrException(new Diagnostic("MSSR3605", Severity.Error,
                $"the model is one of the kind '{ContractText.Of(model.Contract.Task)}', which can't be trained for this task.",
                request.Model,
                "Give another --task, or say with --net-task what the model is for."));
        }

        EvalItem[] all = [.. request.Data.SelectMany(Find)];
        if (Task == TrainingTask.Pairs)
            model.SetFactor(all[0].ReadScale(request.Reading));
        if (request.Validation is { } folder)
        {
            (Training, Validation) = (all, [.. Find(folder)]);
            return;
        }

        var count = Math.Clamp(all.Length / TrainedPerHeldBack, 1, MostHeldBack);
        var held = Enumerable.Range(0, count).Select(i => (2 * i + 1) * all.Length / (2 * count)).ToHashSet();
        Validation = [.. held.Order().Select(i => all[i])];
        Training = all.Length == 1 ? all : [.. all.Where((_, i) => !held.Contains(i))];
    }

    /// <summary>What the model is trained to do.</summary>
    public TrainingTask Task { get; }

    /// <summary>Trained on.</summary>
    public IReadOnlyList<EvalItem> Training { get; }

    /// <summary>Measured on.</summary>
    public IReadOnlyList<EvalItem> Validation { get; }

    private IEnumerable<EvalItem> Find(string folder)
    {
        var items = EvalData.Find(folder);
        if (Task != TrainingTask.Pairs)
            return Task == TrainingTask.Denoising ? items.Select(i => i with { Low = null }) : items;
        return items.All(i => i.Low is not null) ? items : throw new MsSrException(new Diagnostic("MSSR3606", Severity.Error,
            "the folder has single images, not pairs.", folder, "Give pairs NAME_HR and NAME_LR, or folders HR and LR."));
    }
}
