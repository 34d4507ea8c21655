using MsSrConvert.Training.Checkpoints;
using MsSrConvert.Training.Execution;
using MsSrConvert.Training.Optimization;
using MsSrConvert.Training.Reports;
using TorchSharp;

namespace MsSrConvert.Training.Loop;

/// <summary>Everything that changes during a training.</summary>
internal sealed class TrainingState : IDisposable
{
    private const double Memory = 0.98;
    private readonly string _recipe;

    /// <summary>The state before the first step.</summary>
    /// <param name="network">The network; its weights are the start.</param>
    /// <param name="recipe">What the result depends on.</param>
    public TrainingState(TorchNetwork network, string recipe)
    {
        _recipe = recipe;
        Weights = network.Weights(trained: true);
        Average = Weights.Copy();
        Adam = new Adam(Weights);
        Best = Weights.ToArray();
    }

    /// <summary>The weights that are trained.</summary>
    public FlatWeights Weights { get; }

    /// <summary>Their running average, which is what is measured and kept.</summary>
    public FlatWeights Average { get; }

    /// <summary>The optimiser.</summary>
    public Adam Adam { get; }

    /// <summary>The averaged weights that measured best.</summary>
    public float[] Best { get; private set; }

    /// <summary>When that was.</summary>
    public long BestStep { get; private set; }

    /// <summary>Their PSNR in dB.</summary>
    public double BestPsnr { get; private set; } = double.NegativeInfinity;

    /// <summary>How many steps were done.</summary>
    public long Step { get; set; }

    /// <summary>The time they took, that of earlier runs included.</summary>
    public double Seconds { get; set; }

    /// <summary>The running mean of the loss; NaN before the first step.</summary>
    public double Loss { get; private set; } = double.NaN;

    /// <summary>The least that mean has been.</summary>
    public double LeastLoss { get; private set; } = double.PositiveInfinity;

    /// <summary>What was measured.</summary>
    public List<LogEntry> Log { get; } = [];

    /// <summary>Takes a step's loss into the running mean.</summary>
    public void Count(double loss)
    {
        Loss = double.IsNaN(Loss) ? loss : Memory * Loss + (1 - Memory) * loss;
        LeastLoss = Math.Min(LeastLoss, Loss);
    }

    /// <summary>Lets the average follow the weights, faster at the beginning when it has little to remember.</summary>
    public void Follow(double averaging)
    {
        var kept = Math.Min(averaging, (1.0 + Step) / (10.0 + Step));
        using var noGradients = torch.no_grad();
        using var keep = kept.ToScalar();
        using var take = (1 - kept).ToScalar();
        Average.Vector.mul_(keep).add_(Weights.Vector, take);
    }

    /// <summary>Notes a measurement of the average; the best is kept.</summary>
    public void Measured(double psnr, double rate)
    {
        Log.Add(new LogEntry(Step, Seconds, rate, Loss, psnr));
        if (psnr > BestPsnr)
            (BestPsnr, BestStep, Best) = (psnr, Step, Average.ToArray());
    }

    /// <summary>Writes the state to a file.</summary>
    public void Save(string path) => new Checkpoint(_recipe, Step, Seconds, Loss, LeastLoss, BestStep, BestPsnr, Log)
    {
        Weights = Weights.ToArray(),
        Average = Average.ToArray(),
        Best = Best,
        FirstMoment = FlatWeights.Numbers(Adam.FirstMoment),
        SecondMoment = FlatWeights.Numbers(Adam.SecondMoment),
    }.Write(path);

    /// <summary>Takes on the state of a file.</summary>
    /// <exception cref="GraphIR.MsSrException">It is of another training (MSSR3601), or damaged (MSSR1604).</exception>
    public void Load(Checkpoint saved, string path)
    {
        Recipes.RequireSame(_recipe, saved.Recipe, path);
        saved.RequireCount(Weights.Vector.numel(), path);
        (Step, Seconds, Loss, LeastLoss) = (saved.Step, saved.Seconds, saved.Loss, saved.LeastLoss);
        (BestStep, BestPsnr, Best) = (saved.BestStep, saved.BestPsnr, saved.Best);
        Log.AddRange(saved.Log);
        FlatWeights.Set(Weights.Vector, saved.Weights);
        FlatWeights.Set(Average.Vector, saved.Average);
        FlatWeights.Set(Adam.FirstMoment, saved.FirstMoment);
        FlatWeights.Set(Adam.SecondMoment, saved.SecondMoment);
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        Adam.Dispose();
        Average.Dispose();
        Weights.Dispose();
    }
}
