using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Cli.Tests;

public class DevicesTests
{
    [Fact]
    public void Every_kind_of_device_is_listed_with_how_to_get_it()
    {
        var devices = CommandRun.Of("devices", "--json").Json().GetProperty("devices").EnumerateArray().ToArray();
        Assert.Equal(["cpu", "cuda", "tensorrt", "directml", "coreml"], devices.Select(d => d.GetProperty("name").GetString()));
        Assert.True(devices[0].GetProperty("available").GetBoolean());
        Assert.All(devices,
            d => Assert.Equal(["name", "provider", "in_build", "available", "note"], d.EnumerateObject().Select(p => p.Name)));
        Assert.All(devices.Where(d => !d.GetProperty("available").GetBoolean()),
            d => Assert.NotNull(d.GetProperty("note").GetString()));
    }

    [Fact]
    public void People_get_a_table() => Assert.Matches(@"(?m)^  cpu +yes +CPUExecutionProvider", CommandRun.Of("devices").Out);
}
