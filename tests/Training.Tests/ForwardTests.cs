using MsSrConvert.GraphIR;
using MsSrConvert.Operators;
using MsSrConvert.Passes;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Tests.Common;
using MsSrConvert.Zoo;
using Xunit;

namespace MsSrConvert.Training.Tests;

/// <summary>What is trained computes what ONNX Runtime will compute.</summary>
public class ForwardTests
{
    private const double HalfPrecision = 1e-3;

    // Networks with operators that gradients don't pass, or with two images; the message names what is in the way.
    private static readonly Dictionary<string, string> Refused = new()
    {
        ["wild-if"] = "If '/If'",
        ["wild-two-inputs"] = "2 inputs",
        ["wild-two-images"] = "2 inputs",
        ["wild-resize-scales-input"] = "2 inputs",
        ["wild-int8-qdq"] = "QuantizeLinear",
        ["wild-int8-convinteger"] = "ConvInteger",
    };

    // Of the small networks those that show an operator, or a mode of one, that none before them has.
    public static TheoryData<string> Small()
    {
        var seen = new HashSet<string>();
        return [.. Names().Where(n => n.StartsWith("wild-", StringComparison.Ordinal))
            .Where(n => ZooCatalog.Find(n).Create(1).Graph.AllNodes.Aggregate(
            false, (isNew, node) => seen.Add($"{node.OpType} {node.GetString("mode", "")}") || isNew))];
    }

    public static TheoryData<string, int> Zoo() => Cases(Names());

    public static TheoryData<string, int> Shared() => Cases(SharedModels.Names);

    [Theory]
    [MemberData(nameof(Small))]
    public void Every_operator_gives_what_ONNX_Runtime_gives(string name) => CheckZoo(name, 3);

    [SharedTheory]
    [InlineData("joeylitalien_noise2noise-UNet-x1.onnx", 2)]
    [InlineData("leftthomas_SRGAN-SRResNetG-x4.onnx", 2)]
    [InlineData("njulj_RFDN-RFDN_AIM-x4.onnx", 3)]
    [InlineData("onnxmodels_super-resolution-10-ESPCN-x3.onnx", 3)]
    public void Some_real_networks_give_what_ONNX_Runtime_gives(string name, int branches) => CheckShared(name, branches);

    [SlowTheory]
    [MemberData(nameof(Zoo))]
    public void All_networks_of_the_zoo_give_what_ONNX_Runtime_gives(string name, int branches) => CheckZoo(name, branches);

    [SlowTheory]
    [MemberData(nameof(Shared))]
    public void All_real_networks_give_what_ONNX_Runtime_gives(string name, int branches) => CheckShared(name, branches);

    private static void CheckZoo(string name, int branches)
    {
        var entry = ZooCatalog.Find(name);
        var least = Math.Max(16, entry.SmallestInput << (branches - 1));
        var side = entry.StaticSide ?? (least + entry.SizeMultiple - 1) / entry.SizeMultiple * entry.SizeMultiple;
        if (Converted(entry.Create(1), branches) is not { } model)
            return;
        if (!Refused.TryGetValue(name, out var reason))
        {
            Parity.Check(model, side, entry.StaticSide ?? side + entry.SizeMultiple,
                name == "wild-float16" ? HalfPrecision : 1e-4);
            return;
        }

        var error = Assert.Throws<MsSrException>(() => Parity.Run(model, Runtime.Tensor.Zeros(1, 3, side, side)));
        Assert.StartsWith("MSSR26", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static void CheckShared(string name, int branches)
    {
        var model = Converted(ModelFile.Read(SharedModels.PathOf($"models/{name}")), branches);
        Assert.NotNull(model);
        Parity.Check(model, 64, 96);
    }

    private static IEnumerable<string> Names() => ZooCatalog.Entries.Where(e => e.Runs).Select(e => e.Name);

    // One branch stands for the source itself.
    private static Model? Converted(Model source, int branches)
    {
        try
        {
            if (branches > 1)
                return Converter.Convert(source, new ConversionOptions { Branches = branches }, new SliceInitializer()).Model;
            TrainForm.Apply(source);
            return source;
        }
        catch (MsSrException e) when (e.Diagnostic.Id.StartsWith("MSSR2", StringComparison.Ordinal))
        {
            return null;
        }
    }

    private static TheoryData<string, int> Cases(IEnumerable<string> names)
    {
        var cases = new TheoryData<string, int>();
        foreach (var name in names)
        {
            foreach (var branches in new[] { 1, 2, 3 })
                cases.Add(name, branches);
        }

        return cases;
    }
}
