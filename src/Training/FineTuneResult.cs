using MsSrConvert.Imaging.Evaluation;
using MsSrConvert.Training.Loop;
using MsSrConvert.Training.Reports;

namespace MsSrConvert.Training;

/// <summary>What a training has brought.</summary>
/// <param name="Output">The trained model.</param>
/// <param name="End">How it ended.</param>
/// <param name="Steps">Steps done, earlier runs included.</param>
/// <param name="Seconds">The time they took.</param>
/// <param name="BestStep">The step whose averaged weights were kept.</param>
/// <param name="StartPsnr">PSNR on the validation images before the first step, in dB.</param>
/// <param name="BestPsnr">PSNR of what was kept.</param>
/// <param name="LearningRate">The largest learning rate.</param>
/// <param name="Log">Everything that was measured.</param>
/// <param name="Files">Log and plot.</param>
/// <param name="Validation">The images it was measured on.</param>
public sealed record FineTuneResult(
    string Output, TrainingEnd End, long Steps, double Seconds, long BestStep, double StartPsnr, double BestPsnr,
    double LearningRate,
    IReadOnlyList<LogEntry> Log, IReadOnlyList<string> Files, IReadOnlyList<EvalItem> Validation);
