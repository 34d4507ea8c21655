using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Sizes;
using Xunit;

namespace MsSrConvert.Passes.Tests.Sizes;

public class ImageInputsTests
{
    private readonly TestNet _net = new();

    [Fact]
    public void Bytes_of_height_width_and_colour_are_an_image()
    {
        var bytes = Input("bytes", ElementType.UInt8, Dim.Of("h"), Dim.Of("w"), 3);
        var chw = _net.Node("Transpose", _net.Node("Cast", bytes).With("to", 1).Output).With("perm", [2, 0, 1]).Output;
        Convolve(_net.Op("Unsqueeze", chw, _net.Ints("axes", 0)), 3);

        Found("bytes 0 1");
    }

    [Fact]
    public void Frames_in_five_dimensions_and_a_state_beside_them_are_images()
    {
        var frames = Input("frames", ElementType.Float, 1, 2, 3, Dim.Of("h"), Dim.Of("w"));
        var state = Input("state", ElementType.Float, 1, 8, Dim.Of("h"), Dim.Of("w"));
        var first = _net.Node("Gather", frames, _net.Graph.AddInitializer("zero", TensorData.Of([0L]))).With("axis", 1).Output;
        Convolve(_net.Node("Concat", first, state).With("axis", 1).Output, 11);

        Found("frames 3 4", "state 2 3");
    }

    [Theory, InlineData(true), InlineData(false)]
    public void A_blur_kernel_is_none_even_where_all_sizes_are_fixed(bool open)
    {
        var x = open
            ? Input("x", ElementType.Float, 1, 3, Dim.Of("h"), Dim.Of("w")) : Input("x", ElementType.Float, 1, 3, 32, 48);
        var kernel = Input("kernel", ElementType.Float, 1, 1, 25, 25);
        var y = Convolve(x, 3);
        _net.Output(_net.Op("Mul", y, _net.Node("ReduceMean", kernel).With("axes", [2, 3]).Output));

        Found("x 2 3");
    }

    [Fact]
    public void An_input_of_the_images_sides_that_no_conv_reads_is_one_too()
    {
        var x = Input("x", ElementType.Float, 1, 3, Dim.Of("h"), Dim.Of("w"));
        var skip = Input("skip", ElementType.Float, 1, Dim.Of("h"), Dim.Of("w"), 3);
        _net.Output(_net.Op("Add", Convolve(x, 3), _net.Node("Transpose", skip).With("perm", [0, 3, 1, 2]).Output));

        Found("x 2 3", "skip 1 2");
    }

    [Fact]
    public void A_noise_level_of_one_pixel_is_none()
    {
        var x = Input("x", ElementType.Float, 1, 3, Dim.Of("h"), Dim.Of("w"));
        var level = Input("level", ElementType.Float, 1, 1, 1, 1);
        Convolve(_net.Op("Mul", x, level), 3);

        Found("x 2 3");
    }

    [Fact]
    public void A_fixed_size_in_channels_last_is_found()
    {
        var x = Input("x", ElementType.Float, 1, 32, 48, 3);
        Convolve(_net.Node("Transpose", x).With("perm", [0, 3, 1, 2]).Output, 3);

        Found("x 1 2");
    }

    private Value Input(string name, ElementType element, params Dim[] dims) =>
        _net.Graph.AddInput(new Value(name, new TensorType(element, new Shape(dims))));

    private Value Convolve(Value x, long channels)
    {
        var y = _net.Conv(x, _net.Weights("w", 3, channels, 3, 3)).Output;
        _net.Output(y);
        return y;
    }

    private void Found(params string[] images) =>
        Assert.Equal(images, ImageInputs.Find(_net.Model).Select(i => $"{i.Value.Name} {string.Join(' ', i.Axes)}"));
}
