using MsSrConvert.Operators;
using MsSrConvert.Passes.Verify;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Training.Tests;

/// <summary>A real training, short enough for every run of the tests.</summary>
public sealed class LearningTests : IDisposable
{
    // On synthetic images as on photographs; what was measured is 3 dB more.
    private const double Margin = 2;

    private readonly Workshop _workshop = new();

    public void Dispose() => _workshop.Dispose();

    [Theory]
    [InlineData(2), InlineData(3)]
    public void PSNR_rises_and_shared_kernels_stay_shared(int branches)
    {
        var isShared = SharedModels.SkipReason is null;
        var result = Workshop.Train(_workshop.Request() with
        {
            Model = _workshop.Network("small.onnx", channels: 24, branches),
            Data = [isShared ? SharedModels.PathOf("images/T91") : _workshop.Images(12)],
            Validation = isShared ? SharedModels.PathOf("images/Set5") : _workshop.Images(4, seed: 1),
            Options = new TrainingOptions
            {
                Steps = 300,
                Batch = 4,
                Patch = 24,
                Validations = 3,
                LearningRate = 2e-3,
                Averaging = 0.98
            },
        });
        var ties = ModelVerifier.Check(ModelFile.Read(result.Output)).Ties;
        Assert.NotEmpty(ties);
        Assert.All(ties, tie => Assert.True(tie.IsIntact));
        Assert.InRange(result.BestPsnr - result.StartPsnr, Margin, double.PositiveInfinity);
    }
}
