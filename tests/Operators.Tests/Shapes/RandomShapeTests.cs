using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace MsSrConvert.Operators.Tests.Shapes;

/// <summary>Random attributes: what is inferred for known and for symbolic sizes is what ONNX Runtime computes.</summary>
public sealed class RandomShapeTests
{
    private const int Cases = 60;

    private readonly Random _random = new(3);

    [Fact]
    public void Conv() => Compare("Conv", 17, () =>
    {
        var (kh, kw) = (Next(1, 6), Next(1, 6));
        return ($"[n,4,h,w]; w[6,2,{kh},{kw}]", $"group=2 {Strides()} dilations={Next(1, 4)},{Next(1, 4)} {Padding(kh, kw)}");
    });

    [Fact]
    public void ConvTranspose() => Compare("ConvTranspose", 17, () =>
    {
        var (kh, kw) = (Next(1, 6), Next(1, 6));
        return ($"[n,4,h,w]; w[4,3,{kh},{kw}]", $"strides=3,2 output_padding={Next(0, 3)},{Next(0, 2)} pads={Pads(kh, kw)}");
    });

    [Theory]
    [InlineData("MaxPool")]
    [InlineData("AveragePool")]
    public void Pool(string op) => Compare(op, 22, () =>
    {
        var (kh, kw) = (Next(1, 6), Next(1, 6));
        var dilations = op == "MaxPool" ? $"dilations={Next(1, 3)},{Next(1, 3)}" : "";
        return ("[n,4,h,w]", $"kernel_shape={kh},{kw} {Strides()} {dilations} ceil_mode={Next(0, 2)} {Padding(kh, kw)}");
    });

    [Fact]
    public void Slice() => Compare("Slice", 13, () =>
    {
        var starts = $"{{{Next(-12, 13)},{Next(-6, 7)}}}";
        var ends = $"{{{Next(-12, 13)},{Pick(-3, -1, int.MaxValue, long.MaxValue)}}}";
        return ($"[n,9,h,w]; {starts}; {ends}; {{1,2}}; {{{Pick(-3, -1, 1, 2)},{Next(1, 4)}}}", "");
    });

    [Fact]
    public void Resize() => Compare("Resize", 13, () =>
        ($"[n,3,h,w]; -; float{{1,1,{Scale()},{Scale()}}}", "mode=nearest"));

    [Fact]
    public void Upsample() => Compare("Upsample", 9, () =>
        ($"[n,3,h,w]; float{{1,1,{Pick(1, 2, 3, 4)},{Pick(1, 2, 3, 4)}}}", "mode=nearest"));

    [Fact]
    public void Pad() => Compare("Pad", 18, () =>
        ($"[n,3,h,w]; {{{Next(-2, 4)},{Next(-2, 4)},{Next(-2, 4)},{Next(-2, 4)}}}; -; {{2,-1}}", ""));

    [Fact]
    public void Split() => Compare("Split", 18, () =>
        ("[n,h,7,w]", $"axis={Pick(1, 2, 3)} num_outputs=3"), outputs: 3);

    private void Compare(string op, long opset, Func<(string Inputs, string Attributes)> next, int outputs = 1)
    {
        var compared = 0;
        for (var i = 0; i < Cases; i++)
        {
            var (inputs, attributes) = next();
            var test = new OneNode(opset, op, inputs, attributes, outputs);
            var map = ShapeInference.Infer(test.Model);
            Assert.All(test.Node.Outputs, o => Assert.NotNull(map.ShapeOf(o!)));
            try
            {
                test.CompareWithOrt(map);
                compared++;
            }
            catch (OnnxRuntimeException)
            {
                // A window larger than the data and the like: nothing to compare with.
            }
        }

        Assert.True(compared > Cases / 2, $"only {compared} ran");
    }

    private string Padding(int kh, int kw) => Next(0, 4) switch
    {
        0 => "auto_pad=SAME_UPPER",
        1 => "auto_pad=SAME_LOWER",
        2 => "auto_pad=VALID",
        _ => $"pads={Pads(kh, kw)}",
    };

    private string Pads(int kh, int kw) => $"{Next(0, kh)},{Next(0, kw)},{Next(0, kh)},{Next(0, kw)}";

    private string Strides() => $"strides={Next(1, 4)},{Next(1, 4)}";

    private string Scale() => ((float)(Next(1, 12) / (double)Next(1, 7))).ToString("R", CultureInfo.InvariantCulture);

    private int Next(int from, int to) => _random.Next(from, to);

    private long Pick(params long[] choices) => choices[_random.Next(choices.Length)];
}
