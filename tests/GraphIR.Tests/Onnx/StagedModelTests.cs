using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Operators;
using MsSrConvert.Tests.Common;
using Xunit;
using static MsSrConvert.GraphIR.Tests.Onnx.WireModels;

namespace MsSrConvert.GraphIR.Tests.Onnx;

/// <summary>Models that are two files: at every moment the name stands for a whole one.</summary>
public sealed class StagedModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_staged_model_can_be_read_where_it_stands_and_is_gone_if_it_is_not_committed()
    {
        using (var staged = Stage(7))
        {
            Assert.Equal(7, Value(staged.Path));
            Assert.False(File.Exists(_folder["net.onnx"]));
        }

        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void A_kill_between_data_and_model_leaves_the_earlier_pair_whole()
    {
        Write(1);
        using (var staged = Stage(2))
        {
            // As far as a commit that is killed in the middle gets.
            var data = Assert.Single(Directory.GetFiles(Path.GetDirectoryName(staged.Path)!, "*.data"));
            File.Copy(data, _folder[Path.GetFileName(data)]);
            Assert.Equal(1, Value(_folder["net.onnx"]));
        }

        Assert.Equal(3, _folder.Names.Length);
        Write(3);
        Assert.Equal(3, Value(_folder["net.onnx"]));
        Assert.Equal(2, _folder.Names.Length);
    }

    [Fact]
    public void A_small_model_takes_the_place_of_a_pair()
    {
        Write(1);
        using (var staged = StagedModel.Write(Model(4), _folder["net.onnx"]))
            staged.Commit();
        Assert.Equal(4, Value(_folder["net.onnx"]));
        Assert.Equal(["net.onnx"], _folder.Names);
    }

    [Fact]
    public void Data_of_other_files_is_left_alone()
    {
        string[] others = ["net.onnx.data", "net.onnx.1.data", "other.onnx.0123456789abcdef.data"];
        foreach (var name in others)
            File.WriteAllText(_folder[name], "precious");
        Write(1);
        Write(2);
        Assert.Equal(others.Length + 2, _folder.Names.Length);
    }

    [Fact]
    public void The_same_model_gives_the_same_files()
    {
        Write(5);
        var before = _folder.State();
        Write(5);
        Assert.Equal(before, _folder.State());
    }

    [Fact]
    public void Writers_of_one_pair_leave_a_whole_one()
    {
        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => Write(i % 4));
        Assert.InRange(Value(_folder["net.onnx"]), 0, 3);
    }

    private void Write(float value)
    {
        using var staged = Stage(value);
        staged.Commit();
    }

    private StagedModel Stage(float value) => StagedModel.Write(Model(value), _folder["net.onnx"], largestEmbedded: 100);

    private static Model Model(float value)
    {
        var numbers = new float[2000];
        Array.Fill(numbers, value);
        return Read(Minimal(m => m.Graph.Initializer.Add(Floats("w", numbers))));
    }

    private static float Value(string path) => ModelFile.Read(path).Graph.Initializers[0].Initializer!.ToFloats()[^1];
}
