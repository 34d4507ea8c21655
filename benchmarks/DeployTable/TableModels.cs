using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Operators;
using MsSrConvert.Passes;
using MsSrConvert.Passes.Cleanup;
using MsSrConvert.Passes.Deploy;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Zoo;

namespace MsSrConvert.Benchmarks;

/// <summary>A model of the table.</summary>
/// <param name="Name">How the table calls it.</param>
/// <param name="Path">Its file.</param>
/// <param name="Ideal">The source's multiply-adds over those of its train form.</param>
internal sealed record TableModel(string Name, string Path, double Ideal);

/// <summary>Writes the table's models into a temporary folder that goes when it is disposed.</summary>
internal sealed class TableModels(DeployOptions options) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deploy-table").FullName;

    /// <summary>The source, the source with its pixel shuffles lowered, and both forms of n = 2, 3, 4.</summary>
    public IReadOnlyList<TableModel> FusedAt(string place)
    {
        var source = Source();
        var models = new List<TableModel> { Write("source", source, 1) };
        Deployer.LowerShuffles(source);
        models.Add(Write("source, shuffles lowered", source, 1));
        foreach (var branches in new[] { 2, 3, 4 })
        {
            var result = Converter.Convert(Source(), new ConversionOptions { Branches = branches, FuseAt = place },
                new SliceInitializer());
            var ideal = (double)result.Source.Cost.Macs / result.Cost.Macs;
            models.Add(Write($"n={branches} train", result.Model, ideal));
            Deployer.Deploy(result.Model, options);
            models.Add(Write($"n={branches} deploy", result.Model, ideal));
        }

        return models;
    }

    /// <summary>The train form of one n, and that with one pass of the deploy form after the other added.</summary>
    public IReadOnlyList<TableModel> ByPass(int branches)
    {
        var result = Converter.Convert(Source(), new ConversionOptions { Branches = branches }, new SliceInitializer());
        var ideal = (double)result.Source.Cost.Macs / result.Cost.Macs;
        var models = new List<TableModel> { Write($"n={branches} train", result.Model, ideal) };
        foreach (var pass in Deployer.Passes(options))
        {
            new PassRunner().Run(result.Model, new PassContext(), pass, new RemoveDeadNodes(), new InferShapesPass());
            models.Add(Write($"n={branches} + {pass.Name}", result.Model, ideal));
        }

        return models;
    }

    private static Model Source()
    {
        var model = ZooCatalog.Find("srresnet").Create(0);
        ShapeInference.Apply(model);
        return model;
    }

    private TableModel Write(string name, Model model, double ideal)
    {
        var path = Path.Combine(_folder, $"{name.Replace(' ', '-')}.onnx");
        OnnxFile.Write(model, path);
        return new TableModel(name, path, ideal);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
