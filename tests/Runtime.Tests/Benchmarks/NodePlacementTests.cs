using System.Text.Json;
using MsSrConvert.Runtime.Benchmarks;
using Xunit;

namespace MsSrConvert.Runtime.Tests.Benchmarks;

public class NodePlacementTests
{
    [Fact]
    public void Nodes_that_are_left_to_the_processor_and_copies_are_counted()
    {
        using var profile = JsonDocument.Parse(
            $"[{Event("conv1", "Conv", "CUDAExecutionProvider")}, {Event("resize", "Resize", "CPUExecutionProvider")}, {Event("resize", "Resize", "CPUExecutionProvider")}, {Event("copy", "MemcpyToHost", "CUDAExecutionProvider")}]");
        var placement = NodePlacement.Parse(profile.RootElement);
        Assert.Equal((2, 1), (placement.Nodes, placement.Copies));
        Assert.Equal("1 of 2 nodes run on the processor, not on cuda:0 (Resize 'resize'); values are copied 1 times.",
            placement.Describe(new Device(DeviceKind.Cuda)));
    }

    [Fact]
    public void A_model_on_its_device_alone_is_said_to_be() =>
        Assert.Equal("all 3 nodes run on cuda:1.", new NodePlacement(3, [], 0).Describe(new Device(DeviceKind.Cuda, 1)));

    private static string Event(string name, string op, string provider) =>
        $$$"""{"cat": "Node", "name": "{{{name}}}_kernel_time", "args": {"op_name": "{{{op}}}", "provider": "{{{provider}}}"}}""";
}
