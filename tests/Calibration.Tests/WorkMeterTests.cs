using MsSrConvert.Calibration.Layers;
using MsSrConvert.Calibration.Sweeps;
using Xunit;

namespace MsSrConvert.Calibration.Tests;

public class WorkMeterTests
{
    [Fact]
    public void It_tells_the_next_layer_what_came_of_the_last_and_the_time_left()
    {
        var told = new List<CalibrationProgress>();
        var plan = new CalibrationPlan(8, 64, 64, 4, 0, [new LayerCost(1, 1, 10), null, new LayerCost(1, 1, 30)]);
        var meter = new WorkMeter(plan, told.Add);
        meter.Begin("ranking");
        meter.LayerDone(0, new LayerReport("a", "separation", [], 0, null), "b");
        meter.LayerDone(1, new LayerReport("b", "interaction", [], 0, "its shape"), "c");
        meter.LayerDone(2, new LayerReport("c", "fusion", [0.125, 0.5], 7, null), null);
        meter.SweepDone(new SweepReport(0, 0.25, 0));
        meter.SweepDone(new SweepReport(1, 0.125, 0));

        Assert.Equal(
            [
                "ranking", "layer 2/3 b (a: exact)", "layer 3/3 c (b: skipped)", "c: 12.5 % 50.0 %", "sweep 0/4 (error 0.25)",
                "sweep 1/4 (error 0.125)"
            ],
            told.Select(t => t.Text));
        Assert.Equal([0, 0.125, 0.125, 0.5, 0.5, 0.625], told.Select(t => t.Share));
        Assert.Equal([false, true, true, true, false, true], told.Select(t => t.Remaining is not null));
    }
}
