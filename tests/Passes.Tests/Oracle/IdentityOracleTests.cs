using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Passes.Analysis;
using MsSrConvert.Tests.Common;
using MsSrConvert.Zoo;
using Xunit;
using Xunit.Abstractions;

namespace MsSrConvert.Passes.Tests.Oracle;

/// <summary>The identity oracle over the zoo and the shared models, with 2, 3 and 4 branches at five sizes.</summary>
public class IdentityOracleTests(ITestOutputHelper output)
{
    private static readonly (int, int)[] Sizes = [(32, 32), (37, 53), (64, 33), (29, 31), (17, 24)];

    public static TheoryData<string> ZooNames => [.. ZooCatalog.Entries.Where(e => e.Runs && !e.Name.StartsWith("wild-int8", StringComparison.Ordinal)).Select(e => e.Name)];

    public static TheoryData<string> SharedNames => [.. SharedModels.Names];

    [Theory]
    [MemberData(nameof(ZooNames))]
    public void Networks_of_the_zoo_hand_pictures_through(string name) => Check(name, () => ZooCatalog.Find(name).Create(1));

    [SharedTheory]
    [MemberData(nameof(SharedNames))]
    public void Real_networks_hand_pictures_through(string name) => Check(name, () => OnnxFile.Read(SharedModels.PathOf($"models/{name}")));

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
