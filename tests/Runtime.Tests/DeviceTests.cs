using MsSrConvert.GraphIR;
using Xunit;

namespace MsSrConvert.Runtime.Tests;

public class DeviceTests
{
    [Theory]
    [InlineData("cpu", DeviceKind.Cpu, 0)]
    [InlineData("CUDA", DeviceKind.Cuda, 0)]
    [InlineData("cuda:1", DeviceKind.Cuda, 1)]
    [InlineData("tensorrt", DeviceKind.TensorRt, 0)]
    [InlineData("directml", DeviceKind.DirectMl, 0)]
    [InlineData("coreml", DeviceKind.CoreMl, 0)]
    public void A_device_is_read_from_its_name(string text, DeviceKind kind, int index) =>
        Assert.Equal(new Device(kind, index), Device.Parse(text));

    [Theory]
    [InlineData("gpu")]
    [InlineData("cpu:1")]
    [InlineData("cuda:x")]
    [InlineData("cuda:")]
    [InlineData("cuda:1:2")]
    [InlineData("")]
    public void Other_text_is_refused_with_the_names_there_are(string text)
    {
        var error = Assert.Throws<MsSrException>(() => Device.Parse(text));

        Assert.Equal("MSSR3401", error.Diagnostic.Id);
        Assert.Contains("Use cpu, cuda", error.Message);
    }

    [Fact]
    public void The_list_has_every_kind_and_says_how_to_get_a_missing_one()
    {
        var list = Devices.List();

        Assert.Equal(Enum.GetValues<DeviceKind>(), list.Select(d => d.Kind));
        Assert.True(list[0] is { InBuild: true, Works: true });
        Assert.All(list.Where(d => !d.Works), d => Assert.NotNull(d.Note));
        Assert.DoesNotContain("OrtGpu", list.Single(d => d.Kind == DeviceKind.DirectMl).Note ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_the_build_lacks_is_an_error_and_never_a_silent_fall_back()
    {
        if (Devices.List().Single(d => d.Kind == DeviceKind.Cuda).InBuild)
            return;

        var error = Assert
            .Throws<MsSrException>(() => OnnxSession.Open([], "x", new OnnxSessionOptions { Device = Device.Parse("cuda:0") }));

        Assert.Equal("MSSR5004", error.Diagnostic.Id);
        Assert.Contains("-p:OrtGpu=true", error.Message);
    }

    [Theory]
    [InlineData(DeviceKind.Cuda, "libcublas.so.13, libcublasLt.so.13 (CUDA 13), libcudnn.so.9 (cuDNN 9)")]
    [InlineData(DeviceKind.TensorRt,
        "libcublas.so.13, libcublasLt.so.13 (CUDA 13), libcudnn.so.9 (cuDNN 9), libnvinfer.so.10 (TensorRT 10)")]
    public void Missing_libraries_are_named_with_where_to_get_them(DeviceKind kind, string expected)
    {
        if (OperatingSystem.IsWindows())
            return;
        var missing = ProviderLibraries.Missing(kind,
            l => !(l.Contains("cublas", StringComparison.Ordinal) || l is "libcudnn.so.9" or "libnvinfer.so.10"));
        Assert.Equal(expected, missing?.Libraries);
        Assert.StartsWith("CUDA 13 is the package cuda-toolkit-13-0", missing?.Advice, StringComparison.Ordinal);
        Assert.Null(ProviderLibraries.Missing(kind, _ => true));
        Assert.Null(ProviderLibraries.Missing(DeviceKind.Cpu, _ => false));
    }
}
