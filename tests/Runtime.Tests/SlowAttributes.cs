using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Runtime.Tests;

/// <summary>A test over data that needs the shared folder and minutes: it runs where MSSR_SLOW is set.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SlowTheoryAttribute : TheoryAttribute
{
    public SlowTheoryAttribute() => Skip = SharedModels.SkipReason ?? SlowTests.SkipReason;
}

/// <summary>A test that needs the shared folder and minutes: it runs where MSSR_SLOW is set.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SlowFactAttribute : FactAttribute
{
    public SlowFactAttribute() => Skip = SharedModels.SkipReason ?? SlowTests.SkipReason;
}

internal static class SlowTests
{
    public static string? SkipReason =>
        Environment.GetEnvironmentVariable("MSSR_SLOW") is { Length: > 0 } ? null : "Takes minutes; set MSSR_SLOW=1 to run it.";
}
