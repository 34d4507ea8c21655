using MsSrConvert.Calibration;
using MsSrConvert.Cli.Output;
using Xunit;

namespace MsSrConvert.Cli.Tests;

/// <summary>What is said of a calibration that didn't go well.</summary>
public class CalibrationReportTests
{
    [Theory]
    [InlineData(10, 40, null)]
    [InlineData(10, double.PositiveInfinity, null)]
    [InlineData(10, 24.9, "MSSR5303: the calibrated network agrees with the source to 24.90 dB only")]
    [InlineData(10, 10, "MSSR5302: the calibrated network does not improve on the initial weights")]
    [InlineData(10, double.NaN, "MSSR5302: the calibrated network does not improve on the initial weights")]
    public void A_result_that_is_of_no_use_is_said_to_be(double before, double after, string? warning)
    {
        using var error = new StringWriter();
        new CalibrationTable(Outcome(before, after, [])).Report(new CommandConsole(TextWriter.Null, error));
        if (warning is null)
            Assert.Empty(error.ToString());
        else
            Assert.StartsWith($"warning {warning}", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_done_otherwise_is_told()
    {
        using var error = new StringWriter();
        new CalibrationTable(Outcome(10, 40, ["smaller patches."])).Report(new CommandConsole(TextWriter.Null, error));
        Assert.StartsWith("warning MSSR5301: smaller patches.", error.ToString(), StringComparison.Ordinal);
    }

    private static CalibrationOutcome Outcome(double before, double after, IReadOnlyList<string> notes) =>
        new(null!, new CalibrationReport([], null, 0), "pictures", 8, 64, 64, 0, before, after, 1, notes);
}
