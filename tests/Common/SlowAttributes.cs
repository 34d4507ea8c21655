using Xunit;

namespace MsSrConvert.Tests.Common;

/// <summary>A test over data that needs the shared folder and minutes: it runs where MSSR_SLOW is set.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SlowTheoryAttribute : TheoryAttribute
{
    /// <summary>Decides whether to skip.</summary>
    public SlowTheoryAttribute() => Skip = SharedModels.SkipReason ?? SlowTests.SkipReason;
}

/// <summary>A test that needs the shared folder and minutes: it runs where MSSR_SLOW is set.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SlowFactAttribute : FactAttribute
{
    /// <summary>Decides whether to skip.</summary>
    public SlowFactAttribute() => Skip = SharedModels.SkipReason ?? SlowTests.SkipReason;
}

/// <summary>Says whether tests that take minutes are run.</summary>
public static class SlowTests
{
    /// <summary>Why they are skipped; null where they are run.</summary>
    public static string? SkipReason =>
        Environment.GetEnvironmentVariable("MSSR_SLOW") is { Length: > 0 } ? null : "Takes minutes; set MSSR_SLOW=1 to run it.";
}
