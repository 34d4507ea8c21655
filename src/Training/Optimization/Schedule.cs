namespace MsSrConvert.Training.Optimization;

/// <summary>
/// How the learning rate changes: up in a straight line, then down along half a cosine (Loshchilov and Hutter, 2017).
/// </summary>
internal static class Schedule
{
    /// <summary>The learning rate at a place in the training.</summary>
    /// <param name="peak">The largest rate.</param>
    /// <param name="progress">The share of the training that is done, 0..1.</param>
    /// <param name="warmUp">The share after which the peak is reached.</param>
    public static double RateAt(double peak, double progress, double warmUp) => progress < warmUp
        ? peak * Math.Max(progress / warmUp, 0.01)
        : peak * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, (progress - warmUp) / (1 - warmUp))));
}
