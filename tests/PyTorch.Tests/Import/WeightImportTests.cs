using MsSrConvert.GraphIR;
using MsSrConvert.PyTorch.Import;
using Xunit;

namespace MsSrConvert.PyTorch.Tests.Import;

public class WeightImportTests
{
    private readonly Model _model = SmallNet.Converted(2);

    [Fact]
    public void Every_weight_comes_back_under_the_names_of_the_module()
    {
        var given = Trained(t => t.Name);
        var report = WeightImport.Apply(_model, given, "weights");
        Assert.Equal(given.Count, report.Updated);
        Assert.Empty(report.Missing.Concat(report.Unexpected));
        Assert.All(PyTorchWriter.Write(_model, "small.onnx").Tensors,
            t => Assert.All(t.Data.ToFloats(), v => Assert.Equal(7, v)));
    }

    [Theory]
    [InlineData("module.")]
    [InlineData("module.net_g.")]
    [InlineData("_orig_mod.")]
    public void Words_that_a_wrapper_puts_in_front_are_left_out(string prefix) =>
        Assert.Empty(WeightImport.Apply(_model, Trained(t => prefix + t.Name), "weights").Missing);

    [Fact]
    public void A_shared_kernel_stays_one_initializer()
    {
        WeightImport.Apply(_model, Trained(t => t.Name), "weights");
        var nodes = _model.Graph.Nodes;
        Assert.Same(nodes.Single(n => n.Name == "body_0/same1").Input(1), nodes.Single(n => n.Name == "body_0/same2").Input(1));
    }

    [Fact]
    public void Missing_and_unexpected_names_are_listed_and_nothing_is_changed()
    {
        var before = _model.Graph.Initializers[0].Initializer;
        var given = Trained(t => t.Name == "head_bias_separation" ? "something_else" : t.Name);
        var error = Assert.Throws<MsSrException>(() => WeightImport.Apply(_model, given, "weights")).Diagnostic;
        Assert.Equal("MSSR5501", error.Id);
        Assert.Contains("1 weights of the model are missing (head.bias/separation), 1 tensors belong to none (something_else)",
            error.Message, StringComparison.Ordinal);
        Assert.Same(before, _model.Graph.Initializers[0].Initializer);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Values_that_are_no_numbers_are_an_error_unless_they_are_allowed(float value)
    {
        var given = Trained(t => t.Name).Select(t => t.Name == "body_0_weight_same" ? t with { Data = Spoilt(t.Data, value) } : t)
            .ToArray();
        var before = _model.Graph.Initializers[0].Initializer;
        var error = Assert.Throws<MsSrException>(() => WeightImport.Apply(_model, given, "weights")).Diagnostic;
        Assert.Equal("MSSR5505", error.Id);
        Assert.Contains("'body_0_weight_same' (1 of its elements)", error.Message, StringComparison.Ordinal);
        Assert.Same(before, _model.Graph.Initializers[0].Initializer);
        Assert.Equal(given.Length, WeightImport.Apply(_model, given, "weights", allowNonFinite: true).Updated);
    }

    private static TensorData Spoilt(TensorData data, float value)
    {
        var numbers = data.ToFloats();
        numbers[^1] = value;
        return TensorData.Of(numbers, [.. data.Dims]);
    }

    [Fact]
    public void A_partial_import_takes_what_matches()
    {
        var report = WeightImport.Apply(_model, [.. Trained(t => t.Name).Skip(1)], "weights", partial: true);
        Assert.Equal("head.weight/separation", Assert.Single(report.Missing));
    }

    [Fact]
    public void Nothing_that_matches_is_an_error_also_of_a_partial_import() => Assert.Equal("MSSR5501",
        Assert
            .Throws<MsSrException>(
                () => WeightImport.Apply(_model, [new GivenTensor("a", TensorData.Of([1f, 2f], 2), [])], "weights",
                    partial: true)).Diagnostic.Id);

    [Fact]
    public void Another_shape_is_refused()
    {
        var given = Trained(t => t.Name)
            .Select(t => t.Name == "body_0_weight_same" ? t with { Data = TensorData.Of(new float[54], 6, 1, 3, 3) } : t);
        var error = Assert.Throws<MsSrException>(() => WeightImport.Apply(_model, [.. given], "weights")).Diagnostic;
        Assert.Equal("MSSR5502", error.Id);
        Assert.Contains("'body_0_weight_same' is Float [6, 1, 3, 3] where 'body.0.weight/same' is Float [6, 6, 3, 3]",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_precision_comes_back_as_what_the_model_has()
    {
        WeightImport.Apply(_model, Trained(t => t.Name, ElementType.Float16), "weights");
        Assert.All(_model.Graph.Initializers.Where(v => v.Name.StartsWith("body", StringComparison.Ordinal)),
            v => Assert.Equal(ElementType.Float, v.Initializer!.Element));
    }

    [Fact]
    public void Copies_named_after_their_nodes_are_taken_where_they_are_equal()
    {
        var report = WeightImport.Apply(_model, [.. Copies(7, 7)], "weights");
        Assert.Empty(report.Joined);
        Assert.Equal(7, Shared().ToFloats()[0]);
    }

    [Theory]
    [InlineData("Mean", 5)]
    [InlineData("First", 4)]
    public void Copies_that_drifted_apart_are_made_one_where_that_is_asked_for(string mode, float expected)
    {
        var report = WeightImport.Apply(_model, [.. Copies(4, 6)], "weights", copies: Enum.Parse<CopyMode>(mode));
        Assert.Equal(["body.0.weight/same"], report.Joined);
        Assert.Equal(expected, Shared().ToFloats()[0]);
    }

    [Fact]
    public void Copies_that_drifted_apart_are_refused_otherwise()
    {
        var error = Assert.Throws<MsSrException>(() => WeightImport.Apply(_model, [.. Copies(4, 6)], "weights")).Diagnostic;
        Assert.Equal("MSSR5503", error.Id);
        Assert.Contains("body.0.weight/same", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_of_a_model_whose_initializers_were_renamed_are_found_by_its_nodes()
    {
        var trained = SmallNet.Converted(2);
        foreach (var (i, value) in trained.Graph.Initializers.Index())
            value.Name = $"renamed{i}";
        Assert.Empty(WeightImport.Apply(_model, GivenTensor.Of(trained), "trained.onnx").Missing);
    }

    private TensorData Shared() => _model.Graph.Initializers.Single(v => v.Name == "body.0.weight/same").Initializer!;

    private List<GivenTensor> Trained(Func<NamedTensor, string> name, ElementType element = ElementType.Float) =>
        [
            .. PyTorchWriter.Write(_model,
                "small.onnx").Tensors.Select(t => new GivenTensor(name(t), Filled(7, t.Data.Dims, element), []))
        ];

    // As a tool gives them that makes a module of every node.
    private IEnumerable<GivenTensor> Copies(float first, float second) =>
        Trained(t => t.Name).Where(t => t.Name != "body_0_weight_same")
        .Append(new GivenTensor("body_0/same1.weight", Filled(first, Shared().Dims, ElementType.Float), []))
        .Append(new GivenTensor("body_0/same2.weight", Filled(second, Shared().Dims, ElementType.Float), []));

    private static TensorData Filled(float value, IReadOnlyList<long> dims, ElementType element) =>
        TensorData.OfFloating(element, [.. Enumerable.Repeat(value, (int)dims.Aggregate(1L, (a, b) => a * b))], [.. dims]);
}
