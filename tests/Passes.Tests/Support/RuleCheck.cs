using System.Runtime.CompilerServices;
using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Passes.Tests.Reference;
using Xunit;

namespace MsSrConvert.Passes.Tests.Support;

/// <summary>
/// Checks what an operator's rule does: the node goes branch by branch, or its feature space is not branched for a reason.
/// </summary>
internal static class RuleCheck
{
    private const string Input = "its input is not branched: ";
    private const string BothSides = "not branched: input: ";
    private const string AlsoOutput = "; output: it is the network's output";

    /// <summary>
    /// Asserts that no conv is kept, that the reference implementation agrees with ONNX Runtime (2 branches adjacent, 3 branches
    /// full), and that the rewritten graph is the snapshot.
    /// </summary>
    public static void GoesBranchByBranch(
        Func<Model> build, IReadOnlyDictionary<string, Sharing>? sharing = null, int downscale = 1, int sourceMultiple = 1,
        IReadOnlyList<(int Height, int Width)>? sizes = null, [CallerFilePath] string file = "",
        [CallerMemberName] string test = "")
    {
        Agree(build, sharing, downscale, sourceMultiple, sizes);
        var result = Converter.Convert(build(), new ConversionOptions { AssumeMultiple = true }, new SliceInitializer());
        Assert.DoesNotContain(result.Plan.Convs,
            c => c.Role == ConvRole.Kept && !c.Reason.Contains("pooled", StringComparison.Ordinal));
        Snapshots.Match(result.Model, file, test);
    }

    /// <summary>Asserts that the reference implementation agrees with ONNX Runtime, without a snapshot.</summary>
    public static void Agree(
        Func<Model> build, IReadOnlyDictionary<string, Sharing>? sharing = null, int downscale = 1, int sourceMultiple = 1,
        IReadOnlyList<(int Height, int Width)>? sizes = null)
    {
        Agreement.Check(build, new ConversionOptions { Branches = 2 }, sharing, downscale, sourceMultiple, sizes);
        Agreement.Check(build, new ConversionOptions { Branches = 3, Interaction = Interaction.Full }, sharing, downscale,
            sourceMultiple, sizes);
    }

    /// <summary>Why the value that a conv reads is not branched.</summary>
    public static string WhyInputIsNotBranched(Model model, string conv = "/tail/Conv")
    {
        var reason = Decision(model, conv).Reason;
        var parts = reason.Replace(BothSides, Input, StringComparison.Ordinal).Split(Input);
        Assert.True(parts.Length == 2, $"The reason doesn't speak of the input: {reason}");
        return parts[1].Replace(AlsoOutput, "", StringComparison.Ordinal);
    }

    /// <summary>The decision on a conv after a conversion to 2 branches; the converted model must load in ONNX Runtime.</summary>
    public static ConvDecision Decision(Model model, string conv)
    {
        var result = Converter.Convert(model, new ConversionOptions(), new SliceInitializer());
        OrtRun.Open(result.Model).Dispose();
        return result.Plan.Convs.Single(c => c.Node.Name == conv);
    }
}
