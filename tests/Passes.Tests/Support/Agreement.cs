using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Passes.Tests.Reference;

namespace MsSrConvert.Passes.Tests.Support;

/// <summary>Compares ONNX Runtime on a converted model with the reference implementation on the source.</summary>
internal static class Agreement
{
    private static readonly IReadOnlyDictionary<string, Sharing> Evenly = new Dictionary<string, Sharing>();

    /// <summary>Converts with random kernels, writes, runs and compares at every size; gives the converted model.</summary>
    /// <param name="build">Makes the source network; called twice.</param>
    /// <param name="options">How to convert.</param>
    /// <param name="sharing">How channels behind convs of these node names are partitioned, where not evenly.</param>
    /// <param name="downscale">
    /// The network's deepest downscale: with 2^(n-1) it makes the multiple that inputs are padded to.
    /// </param>
    /// <param name="sourceMultiple">The multiple of height and width that the source itself needs.</param>
    /// <param name="sizes">Heights and widths to run; a multiple and an odd size where absent.</param>
    /// <param name="equivalent">
    /// Makes what the reference runs where it isn't the source: a network that spells out what the source implies.
    /// </param>
    public static Converted Check(
        Func<Model> build, ConversionOptions options, IReadOnlyDictionary<string, Sharing>? sharing = null, int downscale = 1,
        int sourceMultiple = 1, IReadOnlyList<(int Height, int Width)>? sizes = null, Func<Model>? equivalent = null)
    {
        var source = (equivalent ?? build)();
        var result = Converter.Convert(build(), options, new TestStart());
        var multiple = downscale << (options.Branches - 1);
        var kernels = OrtRun.Reread(result.Model).Graph.Initializers.ToDictionary(v => v.Name, v => NdArray.Of(v.Initializer!));
        using var session = OrtRun.Open(result.Model);
        foreach (var (height, width) in sizes
            ?? [(multiple * 2, multiple), (multiple + sourceMultiple, 2 * multiple - sourceMultiple)])
        {
            var input = OrtRun.Noise(3, 2, source.Graph.Inputs[0].Shape![1].Value, height, width);
            var whole = PlainReference.Run(source, NdArray.Of(input));
            var expected = new BranchedReference(source, kernels, options, sharing ?? Evenly).Run(NdArray.Of(input), multiple);
            var actual = OrtRun.Run(session, input);
            var about = $"{options.Branches} branches, {options.Interaction}, {height}x{width}";
            for (var i = 0; i < expected.Length; i++)
                OrtRun.AssertClose(expected[i].Crop(whole[i].H, whole[i].W), actual[i], $"{about}, output {i}");
        }

        return result;
    }
}
