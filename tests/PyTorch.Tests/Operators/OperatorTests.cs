using MsSrConvert.GraphIR;
using Xunit;

namespace MsSrConvert.PyTorch.Tests.Operators;

/// <summary>What single operators become; that it computes the same is shown by scripts/check-pytorch.sh.</summary>
public class OperatorTests
{
    private static readonly TensorData Kernel = TensorData.Of(new float[27], 1, 3, 3, 3);

    [Fact]
    public void A_conv_with_unequal_pads_is_padded_in_front() =>
        Is("x = F.conv2d(F.pad(x, [1, 0, 1, 0]), self.c1, None, stride=2)",
        SmallNet.Of("Conv", n => n.With("pads", [1, 1, 0, 0]).With("strides", [2, 2]), Kernel));

    [Fact]
    public void A_conv_whose_numbers_differ_by_direction_keeps_them() =>
        Is("x = F.conv2d(x, self.c1, None, padding=[1, 0], dilation=[2, 1])",
            SmallNet.Of("Conv", n => n.With("pads", [1, 0, 1, 0]).With("dilations", [2, 1]), Kernel));

    [Fact]
    public void A_transposed_conv_with_unequal_pads_is_cut() =>
        Is("x = F.pad(F.conv_transpose2d(x, self.c1, None, stride=2), [-1, 0, -1, 0])",
        SmallNet.Of("ConvTranspose", n => n.With("pads", [1, 1, 0, 0]).With("strides", [2, 2]),
            TensorData.Of(new float[27], 3, 1, 3, 3)));

    [Fact]
    public void A_number_is_part_of_the_code() => Is("x = x * 0.2", SmallNet.Of("Mul", null, TensorData.Of([0.2f])));

    [Fact]
    public void A_learned_scale_is_a_parameter() =>
        Is("x = x * self.c1", SmallNet.Of("Mul", null, TensorData.Of([1f, 2f, 3f], 3, 1, 1)));

    [Fact]
    public void Clip_has_one_or_two_bounds() =>
        Is("x = torch.clamp(x, min=0.0, max=255.0)", SmallNet.Of("Clip", null, TensorData.Of([0f]), TensorData.Of([255f])));

    [Fact]
    public void A_slope_per_channel_is_PReLU() =>
        Is("x = F.prelu(x, self.c1.flatten())", SmallNet.Of("PRelu", null, TensorData.Of([1f, 2f, 3f], 3, 1, 1)));

    [Fact]
    public void A_slope_per_column_is_written_out() =>
        Is("x = torch.where(x < 0, x * self.c1, x)", SmallNet.Of("PRelu", null, TensorData.Of([1f, 2f], 2)));

    [Fact]
    public void Both_orders_of_the_pixel_shuffle_are_kept_apart()
    {
        var shape = new Shape(1, 12, Dim.Of("h"), Dim.Of("w"));
        Is("x = F.pixel_shuffle(x, 2)", SmallNet.Of("DepthToSpace", shape, 1, n => n.With("blocksize", 2).With("mode", "CRD")));
        Is("x = depth_to_space(x, 2)", SmallNet.Of("DepthToSpace", shape, 1, n => n.With("blocksize", 2)));
    }

    [Fact]
    public void Doubling_by_repetition_is_called_by_its_name() => Is("x = up(x)", Resize("nearest", "asymmetric", "floor", 2));

    [Theory]
    [InlineData("nearest", "half_pixel", "round_prefer_floor", 3, "mode=\"nearest-exact\"")]
    [InlineData("nearest", "asymmetric", "floor", 0.5f, "mode=\"nearest\"")]
    [InlineData("linear", "pytorch_half_pixel", "floor", 2, "mode=\"bilinear\", align_corners=False")]
    [InlineData("linear", "align_corners", "floor", 2, "mode=\"bilinear\", align_corners=True")]
    [InlineData("cubic", "half_pixel", "floor", 2, "mode=\"bicubic\", align_corners=False")]
    public void Resizes_that_PyTorch_has_are_interpolations(string mode, string place, string rounding, float scale,
        string expected) =>
        Assert.EndsWith($"], {expected})", Assert.Single(SmallNet.Forward(Resize(mode, place, rounding, scale))),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("nearest", "half_pixel", "round_prefer_floor", 0.5f)]
    [InlineData("nearest", "asymmetric", "ceil", 2)]
    [InlineData("linear", "asymmetric", "floor", 2)]
    public void Other_resizes_are_refused(string mode, string place, string rounding, float scale) =>
        Refused($"PyTorch has no {mode} resize with coordinates of {place}", Resize(mode, place, rounding, scale));

    [Fact]
    public void Padding_by_constants_names_the_last_axes_first() => Is("x = F.pad(x, [1, 2, 0, 3])",
        SmallNet.Of("Pad", null, TensorData.Of([0L, 0, 0, 1, 0, 0, 3, 2], 8)));

    [Fact]
    public void Repeating_the_edges_of_NHWC_turns_it() =>
        Is("x = F.pad(x.permute(0, 3, 1, 2), [0, 1, 0, 1], mode=\"replicate\").permute(0, 2, 3, 1)",
        SmallNet.Of("Pad", new Shape(1, Dim.Of("h"), Dim.Of("w"), 3), 1, n => n.With("mode", "edge"),
            TensorData.Of([0L, 0, 0, 0, 0, 1, 1, 0], 8)));

    [Fact]
    public void Wrapping_around_is_refused() => Refused("PyTorch doesn't pad by 'wrap'",
        SmallNet.Of("Pad", n => n.With("mode", "wrap"), TensorData.Of([0L, 0, 0, 1, 0, 0, 3, 2], 8)));

    [Fact]
    public void A_slice_up_to_the_end_is_open() => Is("x = x[:, :, 1:, :-2]", SmallNet.Of("Slice", null,
        TensorData.Of([1L, 0], 2), TensorData.Of([long.MaxValue, -2], 2), TensorData.Of([2L, 3], 2)));

    [Fact]
    public void A_slice_backwards_is_cut_from_what_is_turned_around()
    {
        Model Slice(long start, long end, long axis, long step) => SmallNet.Of("Slice", null,
            TensorData.Of([start], 1), TensorData.Of([end], 1), TensorData.Of([axis], 1), TensorData.Of([step], 1));
        Is("x = x.flip([2])", Slice(-1, long.MinValue, 2, -1));
        Is("x = x.flip([3])[:, :, :, 1:-1:2]", Slice(-2, 0, 3, -2));
    }

    [Fact]
    public void A_layer_normalisation_is_over_the_last_axes() => Is("x = F.layer_norm(x, [4], self.c1, self.c2, eps=1e-05)",
        SmallNet.Of("LayerNormalization", new Shape(1, 3, 2, 4), 1, n => n.With("axis", -1), TensorData.Of(new float[4], 4),
            TensorData.Of(new float[4], 4)));

    [Fact]
    public void What_is_expanded_keeps_the_axes_whose_size_is_1() => Is("x = x.expand([-1, 3, 5, 7])",
        SmallNet.Of("Expand", new Shape(1, 3, 1, 1), 1, null, TensorData.Of([1L, 3, 5, 7], 4)));

    [Fact]
    public void A_tensor_of_one_number_is_made_where_the_input_is()
    {
        var model = SmallNet.Of("Shape");
        var graph = model.Graph;
        var zeros = graph.Add(
            new Node("ConstantOfShape", [graph.Outputs[0]], [new Value("zeros", new TensorType(ElementType.Float, null))],
                "zeros"));
        graph.ReplaceOutput(graph.Outputs[0], zeros.Output);
        Assert.Equal("x = x.new_full([batch, 3, height, width], 0.0, dtype=torch.float32)", SmallNet.Forward(model)[^1]);
    }

    [Fact]
    public void Picking_a_run_of_channels_is_a_slice_and_other_picks_an_index()
    {
        Is("x = x[:, 1:3]", SmallNet.Of("Gather", n => n.With("axis", 1), TensorData.Of([1L, 2], 2)));
        var model = SmallNet.Of("Gather", n => n.With("axis", 1), TensorData.Of([2L, 0], 2));
        Is("x = torch.index_select(x, 1, self.c1)", model);
        var module = PyTorchWriter.Write(model, "small.onnx");
        Assert.Contains("self.register_buffer(\"c1\", torch.tensor([2, 0]), persistent=False)", module.Code,
            StringComparison.Ordinal);
        Assert.Empty(module.Tensors);
    }

    [Fact]
    public void An_average_that_leaves_pads_out_says_so() =>
        Is("x = F.avg_pool2d(x, 3, stride=1, padding=1, count_include_pad=False)",
        SmallNet.Of("AveragePool", n => n.With("kernel_shape", [3, 3]).With("pads", [1, 1, 1, 1])));

    [Fact]
    public void Pads_left_to_the_runtime_are_refused() => Refused("its pads are left to the runtime (auto_pad SAME_UPPER)",
        SmallNet.Of("MaxPool", n => n.With("kernel_shape", [3, 3]).With("auto_pad", "SAME_UPPER")));

    [Fact]
    public void Axes_of_a_reduction_may_be_an_attribute_or_an_input()
    {
        Is("x = torch.mean(x, dim=[2, 3], keepdim=True)", SmallNet.Of("ReduceMean", n => n.With("axes", [-2, -1])));
        Is("x = torch.sum(x, dim=[1])", SmallNet.Of("ReduceSum", n => n.With("keepdims", 0), TensorData.Of([1L], 1)));
    }

    [Fact]
    public void Parts_of_a_split_get_names_of_their_own() => Is("x, y = torch.split(x, [1, 2], dim=1)",
        SmallNet.Of("Split", new Shape(1, 3, 4, 4), 2, n => n.With("axis", 1), TensorData.Of([1L, 2], 2)));

    private static Model Resize(string mode, string place, string rounding, float scale)
    {
        var model = SmallNet.Of("Resize",
            n => n.With("mode", mode).With("coordinate_transformation_mode", place).With("nearest_mode", rounding));
        var scales = model.Graph.AddInitializer("scales", TensorData.Of([1f, 1f, scale, scale], 4));
        model.Graph.Nodes[0].SetInput(2, scales);
        return model;
    }

    private static void Is(string expected, Model model) => Assert.Equal(expected, Assert.Single(SmallNet.Forward(model)));

    private static void Refused(string why, Model model) =>
        Assert.Contains(why, Assert.Throws<MsSrException>(() => PyTorchWriter.Write(model, "small.onnx")).Diagnostic.Message,
            StringComparison.Ordinal);
}
