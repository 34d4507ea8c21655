using System.Globalization;
using CsCheck;
using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Tests.Properties;
using Xunit;
using Xunit.Abstractions;

namespace MsSrConvert.Passes.Tests.Oracle;

/// <summary>
/// The identity oracle over random networks, the same in every run: 100 of them, or as many as MSSR_RANDOM_NETWORKS says, from
/// number MSSR_RANDOM_FIRST on (scripts/check-random.sh).
/// </summary>
public class RandomOracleTests(ITestOutputHelper output)
{
    private const int Usual = 100;

    // The smallest that the generator's windows fit into, odd and even, and sizes that no multiple divides.
    private static readonly (int, int)[] Sizes = [(24, 24), (23, 29), (17, 16), (31, 22), (12, 13)];

    [Fact]
    public void Random_networks_hand_images_through()
    {
        var (first, count) = (Number("MSSR_RANDOM_FIRST", 0), Number("MSSR_RANDOM_NETWORKS", Usual));
        var failures = new List<string>();
        var (converted, compared, declined) = (0, 0, 0);
        for (var i = first; i < first + count; i++)
        {
            var net = Generate(i);
            try
            {
                var result = IdentityOracle.Check(net.Build, net.Options, net.IsStatic ? [(net.Height, net.Width)] : Sizes);
                converted += result.Convs > 0 ? 1 : 0;
                compared += result.Sizes;
                failures.AddRange(result.Differences.Select(d => $"#{i} {net}: {d}"));
            }
            catch (MsSrException e) when (e.Diagnostic.Id.StartsWith("MSSR2", StringComparison.Ordinal))
            {
                declined++;
            }
            catch (Exception e)
            {
                failures.Add($"#{i} {net}: {e.GetType().Name} {e.Message}");
            }
        }

        output.WriteLine(
            $"{count} networks: {converted} converted, {declined} declined, {compared} sizes compared, {failures.Count} differences or errors");
        Assert.True(failures.Count == 0, string.Join("\n", failures.Take(40)));
    }

    // CsCheck's own iterations differ from run to run, so every network gets a seed of its own.
    private static RandomNet Generate(int number)
    {
        RandomNet? made = null;
        RandomNet.Wide.Sample(net => made = net, seed: new PCG((uint)number, 17).ToString(), iter: 1, threads: 1);
        return made!;
    }

    private static int Number(string variable, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number)
            ? number : fallback;
}
