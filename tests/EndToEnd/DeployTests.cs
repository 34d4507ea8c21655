using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Imaging.Verification;
using MsSrConvert.Operators;
using MsSrConvert.Passes;
using MsSrConvert.Passes.Deploy;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Runtime;
using MsSrConvert.Tests.Common;
using MsSrConvert.Zoo;
using Xunit;

namespace MsSrConvert.EndToEnd;

/// <summary>The deploy form of every network computes what the train form computes.</summary>
[Collection(Networks.Name)]
public sealed class DeployTests
{
    private const double MostDifference = 1e-5;

    // Branches (1: the source itself) and the channel block: of n=3, 22 channels are padded to 24 for blocks of 8 alone.
    private static readonly (int Branches, int Align)[] Forms = [(1, 16), (2, 16), (3, 8)];

    public static TheoryData<string, int, int> SharedCases() => Cases(SharedModels.Names);

    public static TheoryData<string, int,
        int> ZooCases() =>
            Cases(ZooCatalog.Entries.Select(e => e.Name).Where(n => !n.StartsWith("wild-", StringComparison.Ordinal)));

    [SharedTheory]
    [MemberData(nameof(SharedCases))]
    public void It_computes_the_same_on_a_real_image(string name, int branches, int align)
    {
        var path = SharedModels.PathOf($"models/{name}");
        var source = ModelFile.Read(path);
        using var session = OnnxSession.Open(path);
        var contract = ContractGuess.Make(session, ModelFile.Read(path), name);
        var image = Photo(contract, source.Graph.Nodes.Any(n => n.OpType == "MaxPool") ? 96 : 48);
        var tensor = ImageTensors.FromPlanes(image, contract.InputLayout, contract.InputRange);
        AssertSame(OnnxFile.ToBytes(source), branches, align, _ => tensor);
    }

    [Theory]
    [MemberData(nameof(ZooCases))]
    public void It_computes_the_same_in_networks_of_the_literature(string name, int branches, int align) =>
        AssertSame(OnnxFile.ToBytes(ZooCatalog.Find(name).Create(1)), branches, align, i => RandomInput.For(i, 48, 64));

    private static TheoryData<string, int, int> Cases(IEnumerable<string> names)
    {
        var cases = new TheoryData<string, int, int>();
        foreach (var name in names)
        {
            foreach (var (branches, align) in Forms)
                cases.Add(name, branches, align);
        }

        return cases;
    }

    private static Planes Photo(ImageContract contract, int side)
    {
        var photo = ImageReader.ReadAll(SharedModels.PathOf("images/Set5/img_003.png"));
        return photo.Crop(16, 24, contract.FixedWidth ?? side + 32,
            contract.FixedHeight ?? side).FirstChannels(contract.Channels);
    }

    private static void AssertSame(byte[] source, int branches, int align, Func<TensorInfo, Tensor> input)
    {
        var train = branches == 1 ? source : Converted(source, branches);
        if (train is null)
            return;
        var deployed = ModelFile.Read(train);
        Deployer.Deploy(deployed, new DeployOptions { Align = align });
        using var before = OnnxSession.Open(train, "train form");
        using var after = OnnxSession.Open(OnnxFile.ToBytes(deployed), "deploy form");
        var inputs = before.Inputs.ToDictionary(i => i.Name, input);
        var (expected, actual) = (before.Run(inputs), after.Run(inputs));
        Assert.Equal(expected.Keys, actual.Keys);
        Assert.All(expected, o => Assert.InRange(OutputDifference.Relative(o.Value, actual[o.Key]), 0, MostDifference));
    }

    // Null where the network is declined: then there is no train form to compare with.
    private static byte[]? Converted(byte[] source, int branches)
    {
        try
        {
            var result = Converter.Convert(ModelFile.Read(source), new ConversionOptions { Branches = branches },
                new SliceInitializer());
            return result.Plan.ConvertedConvs > 0 ? OnnxFile.ToBytes(result.Model) : null;
        }
        catch (MsSrException e) when (e.Diagnostic.Id.StartsWith("MSSR2", StringComparison.Ordinal))
        {
            return null;
        }
    }
}
