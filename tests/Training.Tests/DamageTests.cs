using System.Text;
using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.Images;
using Xunit;

namespace MsSrConvert.Training.Tests;

/// <summary>Checkpoints and images that are damaged: told at once, or left out.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly Workshop _workshop = new();

    public void Dispose() => _workshop.Dispose();

    [Theory]
    [InlineData("\"Count\":", "\"Count\":-")]
    [InlineData("\"Step\":", "\"Step\":-")]
    [InlineData("\"BestStep\":", "\"BestStep\":9")]
    [InlineData("\"Seconds\":", "\"Seconds\":-")]
    [InlineData("\"Log\":[", "\"Log\":[null,")]
    [InlineData("\"Log\":", "\"Lag\":")]
    [InlineData("\"Recipe\":", "\"Racipe\":")]
    public void A_checkpoint_whose_header_is_damaged_is_refused(string old, string damaged)
    {
        var request = Trained();
        var path = Path.Combine(request.RunFolder, "checkpoint");
        var (mark, header, rest) = Parts(path);
        Assert.Contains(old, header, StringComparison.Ordinal);
        Rewrite(path, mark, header.Replace(old, damaged, StringComparison.Ordinal), rest);
        AssertRefused(request);
    }

    [Theory]
    [InlineData(-4)]
    [InlineData(-1000)]
    [InlineData(4)]
    public void A_checkpoint_of_another_length_is_refused(int more)
    {
        var request = Trained();
        var path = Path.Combine(request.RunFolder, "checkpoint");
        using (var file = File.OpenWrite(path))
            file.SetLength(file.Length + more);
        AssertRefused(request);
    }

    [Fact]
    public void A_checkpoint_of_fewer_weights_is_refused()
    {
        var request = Trained();
        var path = Path.Combine(request.RunFolder, "checkpoint");
        var (mark, header, rest) = Parts(path);
        var count = rest.Length / 20;
        Rewrite(path, mark, header.Replace($"\"Count\":{count}", $"\"Count\":{count - 1}", StringComparison.Ordinal), rest[..^20]);
        AssertRefused(request);
    }

    [Fact]
    public void Damaged_images_are_left_out_with_a_warning()
    {
        var told = new List<Diagnostic>();
        var request = _workshop.Request(steps: 4) with { Reading = new ImageReading { Warn = told.Add } };
        var folder = request.Data[0];
        File.WriteAllText(Path.Combine(folder, "none.png"), "no image");
        // Its head is sound: it is found out when its turn comes.
        var bytes = File.ReadAllBytes(Path.Combine(folder, "p0.png"));
        File.WriteAllBytes(Path.Combine(folder, "p0.png"), bytes[..(bytes.Length / 2)]);
        Assert.Equal(4, Workshop.Train(request).Steps);
        Assert.Equal(["none.png", "p0.png"], told.Select(w => Path.GetFileName(w.Where)).Order(StringComparer.Ordinal));
        Assert.All(told, w => Assert.Equal(("MSSR1201", Severity.Warning), (w.Id, w.Severity)));
    }

    [Fact]
    public void A_folder_of_nothing_but_damaged_images_is_an_error()
    {
        var request = _workshop.Request();
        foreach (var path in Directory.GetFiles(request.Data[0]))
            File.WriteAllText(path, "no image");
        Assert.Equal("MSSR1201", Assert.Throws<MsSrException>(() => Workshop.Train(request)).Diagnostic.Id);
    }

    private FineTuneRequest Trained()
    {
        var request = _workshop.Request(steps: 4);
        Workshop.Train(request);
        return request with { Resume = true };
    }

    private static void AssertRefused(FineTuneRequest request)
    {
        var error = Assert.Throws<MsSrException>(() => Workshop.Train(request)).Diagnostic;
        Assert.Equal("MSSR1604", error.Id);
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
    }

    private static (string Mark, string Header, byte[] Numbers) Parts(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path), Encoding.UTF8);
        return (reader.ReadString(), reader.ReadString(), reader.ReadBytes((int)reader.BaseStream.Length));
    }

    private static void Rewrite(string path, string mark, string header, byte[] rest)
    {
        using var writer = new BinaryWriter(File.Create(path), Encoding.UTF8);
        writer.Write(mark);
        writer.Write(header);
        writer.Write(rest);
    }
}
