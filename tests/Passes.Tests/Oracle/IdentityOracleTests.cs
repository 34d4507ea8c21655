using MsSrConvert.GraphIR;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Runtime;
using MsSrConvert.Tests.Common;
using MsSrConvert.Zoo;
using Xunit;
using Xunit.Abstractions;

namespace MsSrConvert.Passes.Tests.Oracle;

/// <summary>The identity oracle over the zoo and the shared models, with 2, 3 and 4 branches at five sizes.</summary>
public class IdentityOracleTests(ITestOutputHelper output)
{
    private static readonly (int, int)[] Sizes = [(32, 32), (37, 53), (64, 33), (29, 31), (17, 24)];

    public static TheoryData<string> ZooNames =>
        [
            .. ZooCatalog.Entries.Where(e => e.Runs && !e.Name.StartsWith("wild-int8", StringComparison.Ordinal))
                .Select(e => e.Name)
        ];

    public static TheoryData<string> SharedNames => [.. SharedModels.Names];

    public static TheoryData<string> CaseNames => SharedModels.SkipReason is null
        ? [.. Directory.EnumerateFiles(SharedModels.PathOf("cases"),
            "*.onnx").Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal)]
        : ["none"];

    [Theory]
    [MemberData(nameof(ZooNames))]
    public void Networks_of_the_zoo_hand_images_through(string name) => Check(name, () => ZooCatalog.Find(name).Create(1));

    [SharedTheory]
    [MemberData(nameof(SharedNames))]
    public void Real_networks_hand_images_through(string name) =>
        Check(name, () => ModelFile.Read(SharedModels.PathOf($"models/{name}")));

    [SharedTheory]
    [MemberData(nameof(CaseNames))]
    public void Cases_hand_images_through(string name)
    {
        var path = SharedModels.PathOf($"cases/{name}");
        if (IsTaken(path))
            Check(name, () => ModelFile.Read(path));
    }

    // Some cases are refused by ONNX Runtime, and some rightly declined.
    private static bool IsTaken(string path)
    {
        try
        {
            OnnxSession.Open(path).Dispose();
            Converter.Convert(ModelFile.Read(path), new ConversionOptions(), new HandThroughStart());
            return true;
        }
        catch (MsSrException e)
            when (e.Diagnostic.Id is "MSSR5001" || e.Diagnostic.Id.StartsWith("MSSR2", StringComparison.Ordinal))
        {
            return false;
        }
    }

    private void Check(string name, Func<Model> build)
    {
        for (var branches = 2; branches <= 4; branches++)
        {
            var result = IdentityOracle.Check(build, new ConversionOptions { Branches = branches }, Sizes);
            output.WriteLine($"{name}, {branches} branches: {result.Sizes} sizes, {result.Convs} convs take part");
            Assert.True(result.Differences.Count == 0, $"{name}, {branches} branches:\n{string.Join("\n", result.Differences)}");
        }
    }
}
