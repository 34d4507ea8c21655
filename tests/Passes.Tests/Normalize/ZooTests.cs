using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Zoo;
using Xunit;

namespace MsSrConvert.Passes.Tests.Normalize;

public class ZooTests
{
    private const double HalfPrecision = 2e-3;

    // The small networks of the zoo that normalisation has something to do on.
    private static readonly string[] Kinds =
    [
        "wild-opset-", "wild-weights-", "wild-shuffle-reshape-", "wild-unshuffle-", "wild-prelu-", "wild-clip-", "wild-split-",
        "wild-batchnorm-", "wild-gate-cca", "wild-nhwc", "wild-initializers-as-inputs", "wild-local-function", "wild-if",
        "wild-dropout-identity", "wild-float16", "wild-attention-", "wild-recurrent",
    ];

    public static TheoryData<string> Names =>
        [
            .. ZooCatalog.Entries.Where(e => e.Runs && Kinds.Any(k => e.Name.StartsWith(k, StringComparison.Ordinal)))
                .Select(e => e.Name)
        ];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_normalised_network_computes_the_same_and_is_normal(string name)
    {
        var model = ZooCatalog.Find(name).Create(1);
        var before = OnnxFile.ToBytes(model);
        var half = model.Graph.Inputs.Any(v => v.Tensor?.Element == ElementType.Float16);

        Normalise(model);
        var once = OnnxFile.ToBytes(model);
        Normalise(model);

        Assert.Equal(once, OnnxFile.ToBytes(model));
        Numeric.AssertSame(before, once, 16, 24, half ? HalfPrecision : Numeric.Tolerance);
    }

    [Theory]
    [InlineData("wild-opset-7", 24)]
    [InlineData("wild-opset-22", 13)]
    [InlineData("wild-opset-17", 18)]
    [InlineData("wild-layernorm-channels", 18)]
    [InlineData("wild-hardswish", 13)]
    [InlineData("wild-float16", 21)]
    public void A_network_computes_the_same_in_another_opset(string name, int opset)
    {
        var model = ZooCatalog.Find(name).Create(1);
        var before = OnnxFile.ToBytes(model);

        Normalise(model, opset);

        Assert.Equal(opset, model.Opset);
        Numeric.AssertSame(before, model, 16, 24, name == "wild-float16" ? HalfPrecision : Numeric.Tolerance);
    }

    private static void Normalise(Model model, int? opset = null) =>
        new PassRunner().Run(model, new PassContext(), [.. Normalization.Lift(), .. Normalization.Passes(opset)]);
}
