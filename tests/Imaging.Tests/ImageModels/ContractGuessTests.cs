using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Operators;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Imaging.Tests.ImageModels;

public class ContractGuessTests
{
    [SharedTheory]
    [InlineData("03_FMEN", "0..255", "rgb", "sr", 4)]
    [InlineData("ESPCN_rgb", "0..1", "ycbcr-full", "sr", 2)]
    [InlineData("FSRCNN_rgb", "0..1", "ycbcr-full", "sr", 2)]
    [InlineData("SRCNN955", "0..1", "ycbcr-full", "preup", 2)]
    [InlineData("FSRCNN_tf", "0..1", "y", "sr", 2)]
    [InlineData("waifu2x", "0..1", "rgb", "sr", 2)]
    [InlineData("super-resolution-10", "0..1", "y", "sr", 3)]
    [InlineData("vdsr", "0..1", "y", "preup", 2)]
    [InlineData("DnCNN25-x1.onnx", "0..1", "gray", "restore", 1)]
    [InlineData("noise2noise", "0..1", "rgb", "restore", 1)]
    [InlineData("EDSRbaseline", "0..255", "rgb", "sr", 2)]
    public void A_model_is_read_as_it_was_trained(string name, string range, string colour, string task, int factor) =>
        AssertGuess(name, range, colour, task, factor);

    [SlowTheory]
    [InlineData("IMDN_baseline", "0..1", "rgb", "sr", 4)]
    [InlineData("04_RLFN", "0..255", "rgb", "sr", 4)]
    [InlineData("RFDN_AIM", "0..255", "rgb", "sr", 4)]
    [InlineData("RCAN_g3b6", "0..1", "rgb", "sr", 4)]
    [InlineData("MSRResNet", "0..1", "rgb", "sr", 4)]
    [InlineData("SRResNetG-x4", "0..1", "rgb", "sr", 4)]
    [InlineData("BNkept", "0..1", "rgb", "sr", 4)]
    [InlineData("CARN_M", "0..1", "rgb", "sr", 4)]
    [InlineData("SRDenseNet", "0..1", "y", "sr", 4)]
    [InlineData("esrgan-medium-RDN", "0..255", "rgb", "sr", 2)]
    [InlineData("anime_6B", "0..1", "rgb", "sr", 4)]
    [InlineData("animevideov3", "0..1", "rgb", "sr", 4)]
    [InlineData("onnxruntime-extensions", "0..1", "y", "sr", 3)]
    [InlineData("DERIVED_constnodes", "0..1", "gray", "restore", 1)]
    public void A_larger_model_is_read_as_it_was_trained(string name, string range, string colour, string task, int factor) =>
        AssertGuess(name, range, colour, task, factor);

    private static void AssertGuess(string name, string range, string colour, string task, int factor)
    {
        var contract = OpenModels.Shared(name).Contract;

        Assert.Equal(range, ContractText.Of(contract.InputRange));
        Assert.Equal(range, ContractText.Of(contract.OutputRange));
        Assert.Equal(colour, ContractText.Of(contract.Colour, contract.Luma));
        Assert.Equal(task, ContractText.Of(contract.Task));
        Assert.Equal(factor, contract.Factor);
        Assert.Equal(["colour", "layout", "range", "scale", "size", "task"], contract.Notes.Select(n => n.Property).Order());
        Assert.All(contract.Notes, n => Assert.NotEmpty(n.Reason));
    }

    [SharedFact]
    public void Layouts_differ_where_the_graph_transposes_only_one_end()
    {
        var contract = OpenModels.Shared("FSRCNN_tf").Contract;

        Assert.Equal((PixelLayout.Nhwc, PixelLayout.Nchw), (contract.InputLayout, contract.OutputLayout));
    }

    [SharedTheory]
    [InlineData("SRCNN955", 16, 1)]
    [InlineData("waifu2x", 28, 1)]
    [InlineData("noise2noise", 0, 32)]
    [InlineData("ESPCN_rgb", 0, 1)]
    public void Missing_borders_and_size_multiples_are_measured(string name, int shrink, int multiple)
    {
        var contract = OpenModels.Shared(name).Contract;

        Assert.Equal((shrink, multiple), (contract.Shrink, contract.SizeMultiple));
    }

    [SharedFact]
    public void A_fixed_size_is_stated()
    {
        var contract = OpenModels.Shared("super-resolution-10").Contract;

        Assert.Equal((224, 224, 3), (contract.FixedHeight, contract.FixedWidth, contract.NetScale));
        Assert.Contains(contract.Notes, n => n is { Property: "size", Value: "224x224", Source: ContractSource.Graph });
    }

    [Theory]
    [InlineData(1f, "0..1")]
    [InlineData(255f, "0..1 in, 0..255 out")]
    public void Output_numbers_may_differ_from_the_input_s(float gain, string expected)
    {
        using var folder = new TemporaryFolder();
        using var model = ImageModel.Open(OpenModels.Write(folder, "a.onnx", 3, scale: 2, gain: gain));

        Assert.Equal(expected, model.Contract.Notes.Single(n => n.Property == "range").Value);
    }

    [Fact]
    public void Options_win_and_are_noted()
    {
        using var folder = new TemporaryFolder();
        var path = OpenModels.Write(folder, "a.onnx", 1);

        using var model = ImageModel.Open(path, new ContractOptions
        {
            Colour = InputColour.Luma,
            Luma = LumaRange.Full,
            InputRange = ValueRange.Signed,
            Task = ImageTask.PreUpscaled,
            Factor = 3,
        });

        Assert.Equal(
            (InputColour.Luma, LumaRange.Full, ValueRange.Signed, ValueRange.Signed, ImageTask.PreUpscaled, 3),
            (model.Contract.Colour, model.Contract.Luma, model.Contract.InputRange, model.Contract.OutputRange,
                model.Contract.Task, model.Contract.Factor));
        Assert.Equal(3, model.Contract.Notes.Count(n => n.Source == ContractSource.Option));
    }

    [Fact]
    public void A_model_can_be_read_like_the_one_it_was_made_from()
    {
        using var folder = new TemporaryFolder();
        using var source = ImageModel.Open(OpenModels.Write(folder, "a.onnx", 1),
            new ContractOptions { Task = ImageTask.PreUpscaled, Factor = 4 });
        using var copy = ImageModel.Open(OpenModels.Write(folder, "b.onnx", 1, gain: 0), ContractOptions.Like(source.Contract));

        Assert.Equal(source.Contract with { Notes = [] }, copy.Contract with { Notes = [] });
    }

    [Fact]
    public void Options_that_contradict_the_model_are_refused()
    {
        using var folder = new TemporaryFolder();
        var path = OpenModels.Write(folder, "a.onnx", 3, scale: 2);

        Assert.Equal("MSSR3404", Refusal(new ContractOptions { Colour = InputColour.Gray }));
        Assert.Equal("MSSR3404", Refusal(new ContractOptions { Task = ImageTask.Restoration }));
        Assert.Equal("MSSR3404", Refusal(new ContractOptions { Factor = 3 }));

        string Refusal(ContractOptions options) =>
            Assert.Throws<MsSrException>(() => ImageModel.Open(path, options)).Diagnostic.Id;
    }

    [Fact]
    public void What_metadata_states_is_not_guessed()
    {
        using var folder = new TemporaryFolder();
        var path = OpenModels.Write(folder, "a.onnx", 3, scale: 2, gain: 0);
        var model = ModelFile.Read(path);
        ContractGuess.WriteMetadata(model, new ImageContract
        {
            Colour = InputColour.YCbCr,
            Luma = LumaRange.Full,
            InputRange = ValueRange.Byte,
            OutputRange = ValueRange.Signed,
            Task = ImageTask.SuperResolution,
        });
        OnnxFile.Write(model, path);

        using var opened = ImageModel.Open(path);

        Assert.Equal((InputColour.YCbCr, LumaRange.Full, ValueRange.Byte, ValueRange.Signed, 2),
            (opened.Contract.Colour, opened.Contract.Luma, opened.Contract.InputRange, opened.Contract.OutputRange,
                opened.Contract.Factor));
        Assert.Equal(3, opened.Contract.Notes.Count(n => n.Source == ContractSource.Metadata));
    }

    [Fact]
    public void A_model_whose_output_says_nothing_gets_the_usual_reading_as_assumed()
    {
        using var folder = new TemporaryFolder();
        using var model = ImageModel.Open(OpenModels.Write(folder, "a.onnx", 3, scale: 2, gain: 0));

        var note = model.Contract.Notes.Single(n => n.Property == "range");
        Assert.Equal(("0..1", ContractSource.Assumed), (note.Value, note.Source));
    }

    [Fact]
    public void A_model_that_makes_no_image_is_refused_with_the_reason()
    {
        using var folder = new TemporaryFolder();
        var graph = new Graph("net");
        var input = graph.AddInput(new Value("x", new TensorType(ElementType.Float, new Shape(1, 3, Dim.Of("h"), Dim.Of("w")))));
        var output = new Value("y", new TensorType(ElementType.Float, new Shape(1, 3, 1, 1)));
        graph.Add(new Node("GlobalAveragePool", [input], [output], "pool"));
        graph.AddOutput(output);

        Assert.Contains("[1, 3, 1, 1]", Refusal(graph));
    }

    [Fact]
    public void Other_than_one_or_three_channels_are_refused()
    {
        var graph = new Graph("net");
        var input = graph.AddInput(new Value("x", new TensorType(ElementType.Float, new Shape(1, 4, Dim.Of("h"), Dim.Of("w")))));
        var output = new Value("y", new TensorType(ElementType.Float, new Shape(1, 4, Dim.Of("h"), Dim.Of("w"))));
        graph.Add(new Node("Relu", [input], [output], "relu"));
        graph.AddOutput(output);

        Assert.Contains("its input has 4 channels", Refusal(graph));
    }

    [Fact]
    public void Two_inputs_are_refused()
    {
        var graph = new Graph("net");
        var shape = new TensorType(ElementType.Float, new Shape(1, 3, Dim.Of("h"), Dim.Of("w")));
        var (a, b) = (graph.AddInput(new Value("a", shape)), graph.AddInput(new Value("b", shape)));
        var output = new Value("y", shape);
        graph.Add(new Node("Add", [a, b], [output], "add"));
        graph.AddOutput(output);

        Assert.Contains("it has 2 inputs (a, b)", Refusal(graph));
    }

    private static string Refusal(Graph graph)
    {
        using var folder = new TemporaryFolder();
        var model = new Model(graph);
        model.OpsetImports[""] = 13;
        OnnxFile.Write(model, folder["a.onnx"]);
        var error = Assert.Throws<MsSrException>(() => ImageModel.Open(folder["a.onnx"]));
        Assert.Equal("MSSR1203", error.Diagnostic.Id);
        Assert.Equal("a.onnx", error.Diagnostic.Where);
        return error.Message;
    }

    [Theory]
    [InlineData("y-full", InputColour.Luma, LumaRange.Full)]
    [InlineData("RGB", InputColour.Rgb, LumaRange.Studio)]
    public void Words_for_colours_are_read(string text, InputColour colour, LumaRange luma) =>
        Assert.Equal((colour, luma), ContractText.ParseColour(text));

    [Fact]
    public void Other_words_are_refused_with_those_there_are()
    {
        Assert.Contains("Use rgb, bgr", Assert.Throws<MsSrException>(() => ContractText.ParseColour("cmyk")).Message);
        Assert.Contains("Use 0..1, 0..255, -1..1", Assert.Throws<MsSrException>(() => ContractText.ParseRange("0-1")).Message);
        Assert.Equal("MSSR3403", Assert.Throws<MsSrException>(() => ContractText.ParseTask("x")).Diagnostic.Id);
    }

    [Fact]
    public void A_network_that_is_not_trained_is_read_like_the_one_it_was_made_from()
    {
        using var folder = new TemporaryFolder();
        using var trained = ImageModel.Open(OpenModels.Write(folder, "trained.onnx", 3, scale: 2),
            new ContractOptions { InputRange = ValueRange.Byte, Colour = InputColour.Bgr });
        using var raw = ImageModel.Open(OpenModels.Write(folder, "raw.onnx", 3, scale: 2, gain: -5));
        using var other = ImageModel.Open(OpenModels.Write(folder, "other.onnx", 3, scale: 3, gain: -5));

        Assert.Equal((true, false), (trained.IsUnderstood, raw.IsUnderstood));
        Assert.Equal((true, false, false), (raw.ReadLike(trained), other.ReadLike(trained), trained.ReadLike(raw)));

        Assert.Equal((ValueRange.Byte, InputColour.Bgr), (raw.Contract.InputRange, raw.Contract.Colour));
        Assert.Contains(raw.Contract.Notes,
            n => n is { Property: "range", Reason: "as trained.onnx, since this network isn't trained" });
    }

    [Theory]
    [InlineData("slice", null, "slice")]
    [InlineData("random:7", null, "random:7")]
    [InlineData("slice", "mssr.trained", null)]
    [InlineData("calibrated", "mssr.calibrated", null)]
    [InlineData("imported", null, null)]
    [InlineData(null, null, null)]
    public void A_converted_model_that_has_learned_nothing_is_told(string? start, string? later, string? untrained)
    {
        var metadata = new Dictionary<string, string>();
        if (start is not null)
            metadata["mssr.start"] = start;
        if (later is not null)
            metadata[later] = "{}";

        Assert.Equal(untrained, UntrainedModel.StartOf(metadata));
    }

    // An image goes through the first of these unchanged, and a trained model would be taken for what it does.
    [Theory]
    [InlineData(1f, 2)]
    [InlineData(-5f, 2)]
    [InlineData(1f, 1)]
    public void What_an_untrained_model_makes_of_an_image_is_not_judged(float gain, int scale)
    {
        using var folder = new TemporaryFolder();
        var path = OpenModels.Write(folder, "raw.onnx", 3, scale, gain: gain);
        var model = ModelFile.Read(path);
        model.SetMetadata("mssr.start", "slice");
        OnnxFile.Write(model, path);

        using var raw = ImageModel.Open(path);

        Assert.False(raw.IsUnderstood);
        Assert.Equal((ValueRange.Unit, InputColour.Rgb), (raw.Contract.InputRange, raw.Contract.Colour));
        Assert.DoesNotContain(raw.Contract.Notes, n => n.Reason.Contains("dB", StringComparison.Ordinal));
        var warning = UntrainedModel.Warning(raw);
        Assert.Equal(("MSSR1302", Severity.Warning, "raw.onnx"), (warning?.Id, warning?.Severity, warning?.Where));
    }

    [Fact]
    public void A_model_is_read_as_the_source_whose_contract_was_handed_on()
    {
        using var folder = new TemporaryFolder();
        var source = OpenModels.Write(folder, "source.onnx", 3, scale: 2);
        var converted = ModelFile.Read(OpenModels.Write(folder, "raw.onnx", 3, scale: 2, gain: -5));
        converted.SetMetadata("mssr.start", "slice");

        Assert.True(SourceContract.Write(converted, source, 1e9));
        OnnxFile.Write(converted, folder["raw.onnx"]);
        using var raw = ImageModel.Open(folder["raw.onnx"]);

        Assert.True(raw.IsUnderstood);
        Assert.All(raw.Contract.Notes.Where(n => n.Property is "range" or "colour" or "task"),
            n => Assert.Equal(ContractSource.Metadata, n.Source));
    }

    [Fact]
    public void Nothing_is_handed_on_that_is_not_known_or_costs_too_much()
    {
        using var folder = new TemporaryFolder();
        var converted = ModelFile.Read(OpenModels.Write(folder, "raw.onnx", 3, scale: 2));
        var before = converted.Metadata.ToArray();

        Assert.False(SourceContract.Write(converted, OpenModels.Write(folder, "noise.onnx", 3, scale: 2, gain: -5), 1e9));
        Assert.False(SourceContract.Write(converted, OpenModels.Write(folder, "large.onnx", 3, scale: 2), 1e12));
        Assert.False(SourceContract.Write(converted, folder["nowhere.onnx"], 1e9));

        Assert.Equal(before, converted.Metadata);
    }
}
