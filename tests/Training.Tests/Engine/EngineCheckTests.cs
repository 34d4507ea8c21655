using MsSrConvert.GraphIR;
using MsSrConvert.Operators;
using MsSrConvert.Training.Engine;
using MsSrConvert.Training.Tensors;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace MsSrConvert.Training.Tests.Engine;

/// <summary>The check that stands before every training notices what wrong engines do, and only that.</summary>
public class EngineCheckTests
{
    private static readonly Scalar Half = 0.5.ToScalar();
    private static readonly Scalar Percent = 1.01.ToScalar();

    public static TheoryData<int> Cases() => [.. Enumerable.Range(0, EngineCheck.Standard.Count)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Right_convolutions_pass_by_a_wide_margin(int index) =>
        Assert.InRange(EngineCheck.Standard[index].Error(TestStart.Form.Operators, CPU, 7), 0, 1e-4);

    [Fact]
    public void A_result_that_is_off_everywhere_is_noticed() => IsNoticed(y => y * Percent);

    [Fact]
    public void A_single_wrong_element_is_noticed() => IsNoticed(y =>
    {
        var wrong = y.clone();
        wrong.view(-1).narrow(0, y.numel() / 3, 1).mul_(Half).add_(Half, Half);
        return wrong;
    });

    [Fact]
    public void A_wrong_gradient_behind_a_right_result_is_noticed() => IsNoticed(y => ((y - y.detach()) * Half).Plus(y.detach()));

    [Fact]
    public void Noise_in_place_of_a_number_is_noticed() => IsNoticed(y => y / (y - y));

    [Fact]
    public void A_networks_convolutions_are_tried_once_each_in_short_batches()
    {
        using var workshop = new Workshop();
        var model = ModelFile.Read(workshop.Network(channels: 12, branches: 2));
        var shapes = ShapeInference.Infer(model,
            new Dictionary<Value, Shape>
            { [model.Graph.Inputs[0]] = Shape.Known(64, 3, 48, 48) });
        var cases = EngineCheck.Of(model.Graph, shapes);
        Assert.Equal(cases.Count, cases.Select(c => c.ToString()).Distinct().Count());
        Assert.Contains("3×3 Conv, 6 to 6 channels, pads 1 1 1 1, of [28, 6, 48, 48]", cases.Select(c => c.ToString()));
        new EngineCheck(TestStart.Form, CPU).Convolutions(cases);
    }

    private static void IsNoticed(Func<Tensor, Tensor> spoil)
    {
        var check = new EngineCheck(WrongConvolution.Form("wrong", spoil), CPU);
        var fault = Assert.Throws<EngineFault>(() => check.Convolutions([EngineCheck.Standard[1]]));
        Assert.StartsWith("3×3 Conv, 32 to 32 channels, pads 1 1 1 1, of [4, 32, 24, 24], forwards and backwards, is off by ",
            fault.Found, StringComparison.Ordinal);
    }
}
