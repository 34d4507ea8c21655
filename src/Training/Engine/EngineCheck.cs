using System.Globalization;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using static TorchSharp.torch;

namespace MsSrConvert.Training.Engine;

/// <summary>
/// Tries libtorch before it is trusted: convolutions, forwards and backwards, against their definition in double precision,
/// several times over and with other contents of fresh memory each time.
/// </summary>
/// <param name="form">How libtorch is run.</param>
/// <param name="device">Execution device.</param>
internal sealed class EngineCheck(EngineForm form, Device device)
{
    /// <summary>The largest error that arithmetic in 32 bits may leave, as a share of a result's size.</summary>
    private const double Tolerance = 1e-3;

    // GPUs convolve with 10-bit mantissas (TF32).
    private const double GpuTolerance = 2e-2;

    private const long MostWork = 300_000_000;
    private const long MostElements = 400_000;
    private const int LeastRounds = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Convolutions that many networks have, forms that few have, and channel counts that no vector's width divides: oneDNN 3.7
    /// writes padded kernels incompletely where it takes the processor's cache for one byte large.
    /// </summary>
    public static IReadOnlyList<ConvolutionCase> Standard { get; } =
    [
        new("Conv", [2, 8, 7, 9], [16, 8, 3, 3], [1, 1, 1, 1], [1, 1], [1, 1], 1),
        new("Conv", [4, 32, 24, 24], [32, 32, 3, 3], [1, 1, 1, 1], [1, 1], [1, 1], 1),
        new("Conv", [2, 3, 24, 24], [64, 3, 9, 9], [4, 4, 4, 4], [1, 1], [1, 1], 1),
        new("Conv", [2, 48, 17, 23], [24, 48, 1, 1], [0, 0, 0, 0], [1, 1], [1, 1], 1),
        new("Conv", [2, 16, 21, 18], [32, 16, 3, 3], [1, 1, 1, 1], [2, 2], [1, 1], 1),
        new("Conv", [2, 24, 16, 16], [24, 6, 3, 3], [2, 2, 2, 2], [1, 1], [2, 2], 4),
        new("Conv", [2, 32, 15, 15], [32, 1, 5, 5], [2, 2, 2, 2], [1, 1], [1, 1], 32),
        new("Conv", [16, 32, 12, 12], [48, 32, 3, 3], [1, 1, 1, 1], [1, 1], [1, 1], 1),
        new("Conv", [2, 24, 13, 13], [12, 24, 3, 3], [1, 1, 1, 1], [1, 1], [1, 1], 1),
        new("Conv", [2, 32, 24, 24], [4, 32, 3, 3], [1, 1, 1, 1], [1, 1], [1, 1], 1),
        new("ConvTranspose", [2, 8, 7, 9], [8, 16, 3, 3], [1, 1, 1, 1], [1, 1], [1, 1], 1),
        new("ConvTranspose", [2, 24, 13, 11], [24, 20, 3, 3], [1, 1, 1, 1], [1, 1], [1, 1], 1),
        new("ConvTranspose", [2, 32, 13, 11], [32, 16, 4, 4], [1, 1, 1, 1], [2, 2], [1, 1], 1),
    ];

    /// <summary>The different convolutions of a network at the size it is trained at, in batches that are quickly done.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="shapes">Its shapes, all known.</param>
    public static IReadOnlyList<ConvolutionCase> Of(Graph graph, ShapeMap shapes) =>
        [
            .. graph.Nodes.Select(n => ConvolutionCase.Of(n, shapes)).OfType<ConvolutionCase>().Select(Shortened)
                .DistinctBy(c => c.ToString())
        ];

    /// <summary>Tries convolutions.</summary>
    /// <param name="cases">Which.</param>
    /// <exception cref="EngineFault">One is wrong.</exception>
    public void Convolutions(IReadOnlyList<ConvolutionCase> cases)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var tolerance = device.type == TorchSharp.DeviceType.CPU ? Tolerance : GpuTolerance;
        for (var round = 0; round < NativeMemory.Contents && (round < LeastRounds || clock.Elapsed < Patience); round++)
        {
            foreach (var (i, each) in cases.Index())
            {
                var error = NativeMemory.With(round, () => each.Error(form.Operators, device, (ulong)(i + 100 * round)));
                if (!(error <= tolerance))
                {
                    throw new EngineFault(form, string.Create(CultureInfo.InvariantCulture,
                        $"{each}, forwards and backwards, is off by {error:0.###} of its size where {tolerance:0.###} is allowed"));
                }
            }
        }
    }

    private static ConvolutionCase Shortened(ConvolutionCase whole)
    {
        var fits = Math.Min(MostWork / Math.Max(1, whole.WithBatch(1).Work),
            MostElements / (whole.Input[1] * whole.Input[2] * whole.Input[3]));
        return whole.WithBatch(Math.Clamp(fits, 1, whole.Input[0]));
    }
}
