using System.Threading.Channels;

namespace MsSrConvert.Training.Data;

/// <summary>Makes batches ahead on another thread.</summary>
internal sealed class BatchLoader : IDisposable
{
    private const int Ahead = 4;

    private readonly Channel<TrainingBatch> _batches = Channel.CreateBounded<TrainingBatch>(Ahead);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;

    /// <summary>Begins with the batch of a step.</summary>
    public BatchLoader(PatchSampler sampler, long firstStep) => _work = Task.Run(() => Fill(sampler, firstStep));

    /// <summary>The next batch.</summary>
    /// <exception cref="GraphIR.MsSrException">An image is bad.</exception>
    public TrainingBatch Next()
    {
        var reading = _batches.Reader.ReadAsync().AsTask();
        try
        {
            return reading.GetAwaiter().GetResult();
        }
        catch (ChannelClosedException e) when (e.InnerException is { } cause)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(cause);
            throw;
        }
    }

    private async Task Fill(PatchSampler sampler, long step)
    {
        try
        {
            while (true)
                await _batches.Writer.WriteAsync(sampler.Make(step++), _stop.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _batches.Writer.Complete(e);
        }
    }

    /// <summary>Stops.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _work.Wait();
        _stop.Dispose();
    }
}
