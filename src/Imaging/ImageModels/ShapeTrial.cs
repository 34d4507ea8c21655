using MsSrConvert.GraphIR;
using MsSrConvert.Runtime;
using MsSrConvert.Runtime.Verification;

namespace MsSrConvert.Imaging.ImageModels;

/// <summary>
/// Finds out by declared shapes and by running a model on noise of several sizes which sizes it takes and gives.
/// </summary>
internal sealed class ShapeTrial
{
    private static readonly int[] Bases = [32, 64, 128, 256];
    private static readonly int[] Candidates = [1, 2, 4, 8, 16, 32, 64];
    private readonly OnnxSession _session;
    private readonly SizeGuard _guard;
    private readonly string _name;
    private PixelLayout _inputLayout;
    private int _channels;
    private string? _output;

    private ShapeTrial(OnnxSession session, Model model, string name) =>
        (_session, _guard, _name) = (session, new SizeGuard(model), name);

    /// <summary>The sizes part of a contract: layouts, channels, scale, shrink, fixed sizes, multiple, minimum.</summary>
    /// <param name="session">The model.</param>
    /// <param name="model">The model's graph.</param>
    /// <param name="name">Its name for messages.</param>
    /// <param name="knownMultiple">The size multiple where the model's metadata states it.</param>
    /// <exception cref="MsSrException">The model doesn't turn one image into another (MSSR1203).</exception>
    public static ImageContract Run(OnnxSession session, Model model, string name, int? knownMultiple) =>
        new ShapeTrial(session, model, name).Run(knownMultiple);

    private ImageContract Run(int? knownMultiple)
    {
        var shape = Input();
        _inputLayout = RandomInput.IsChannelsLast(shape) ? PixelLayout.Nhwc : PixelLayout.Nchw;
        var rows = _inputLayout == PixelLayout.Nchw ? 2 : 1;
        var channelDim = shape[_inputLayout == PixelLayout.Nchw ? 1 : 3];
        _channels = channelDim.IsKnown ? (int)channelDim.Value : 3;
        if (_channels is not (1 or 3))
            throw Declined($"its input has {_channels} channels; 1 (luma or grey) and 3 (colour) are handled");
        if (shape[0].IsKnown && shape[0].Value != 1)
            throw Declined($"it takes batches of {shape[0]} images only");
        var (height, width) = (Fixed(shape[rows]), Fixed(shape[rows + 1]));
        var contract = new ImageContract
        {
            InputLayout = _inputLayout,
            Channels = _channels,
            FixedHeight = height,
            FixedWidth = width
        };
        contract = height is null && width is null ? Free(contract) : Static(contract);
        var multiple = knownMultiple ?? (height is null && width is null ? FindMultiple(contract) : 1);
        contract = contract with { SizeMultiple = multiple };
        return contract with { MinimumSize = FindMinimum(contract), OutputName = _output! };
    }

    private Shape Input()
    {
        if (_session.Inputs.Count != 1)
            throw Declined($"it has {_session.Inputs.Count} inputs ({string.Join(", ", _session.Inputs.Select(i => i.Name))})");
        var input = _session.Inputs[0];
        return input.Shape.Rank == 4 && input.Element != ElementType.Undefined
            ? input.Shape
            : throw Declined($"its input '{input.Name}' is {input}, not a batch of images");
    }

    private static int? Fixed(Dim dim) => dim.IsKnown ? (int)dim.Value : null;

    private ImageContract Static(ImageContract contract)
    {
        var (height, width) = (contract.FixedHeight ?? contract.FixedWidth!.Value,
            contract.FixedWidth ?? contract.FixedHeight!.Value);
        var dims = Try(height, width, out var error) ?? throw Declined($"it doesn't run: {error}");
        var layout = OutputLayout(dims);
        var (_, outHeight, outWidth) = ImageTensors.Sizes(dims, layout);
        // A fixed size gives one equation for two unknowns: take the least scale that leaves nothing over.
        var scale = (outHeight + height - 1) / height;
        var shrink = scale * height - outHeight;
        if (scale * width - outWidth != shrink)
            throw Declined($"it makes {outHeight}x{outWidth} of {height}x{width}, which is no whole enlargement");
        return contract with { OutputLayout = layout, NetScale = scale, Shrink = shrink };
    }

    private ImageContract Free(ImageContract contract)
    {
        string? error = null;
        foreach (var size in Bases)
        {
            // Two lengths in one run tell the scale and what is missing at the borders.
            var (height, width) = (size, size + size / 2);
            if (Try(height, width, out var failure) is not { } dims)
            {
                error ??= failure;
                continue;
            }

            var layout = OutputLayout(dims);
            var (_, outHeight, outWidth) = ImageTensors.Sizes(dims, layout);
            var scale = (outWidth - outHeight) / (width - height);
            var shrink = scale * height - outHeight;
            if (scale < 1 || shrink < 0 || shrink % 2 != 0 || scale * width - outWidth != shrink)
                throw Declined($"it makes {outHeight}x{outWidth} of {height}x{width}, which is no whole enlargement");
            return contract with { OutputLayout = layout, NetScale = scale, Shrink = shrink, MinimumSize = size };
        }

        throw Declined($"it doesn't run at any size that was tried: {error}");
    }

    private int FindMultiple(ImageContract contract)
    {
        // Rounded so that what is added decides what the sum is a multiple of.
        var start = Multiples.RoundUp(contract.MinimumSize, Candidates[^1]);
        // Two sizes, since one alone may be a multiple by chance of a number that isn't tried.
        foreach (var multiple in Candidates)
        {
            if (Takes(contract, start + multiple, start + 3 * multiple))
                return multiple;
        }

        throw Declined("the sizes it takes follow no power of two");
    }

    private int FindMinimum(ImageContract contract)
    {
        if (contract.FixedHeight is not null || contract.FixedWidth is not null)
            return 1;
        var multiple = contract.SizeMultiple;
        return new[] { 8, 16, 32 }.Select(size => Multiples.RoundUp(size, multiple))
            .FirstOrDefault(size => size > contract.Shrink && Takes(contract, size, size), contract.MinimumSize);
    }

    private bool Takes(ImageContract contract, int height, int width)
    {
        if (Try(height, width, out _) is not { Length: 4 } dims)
            return false;
        var (_, outHeight, outWidth) = ImageTensors.Sizes(dims, contract.OutputLayout);
        return outHeight == contract.NetScale * height - contract.Shrink
            && outWidth == contract.NetScale * width - contract.Shrink;
    }

    private long[]? Try(int height, int width, out string? error)
    {
        try
        {
            error = null;
            long[] dims = _inputLayout == PixelLayout.Nchw ? [1, _channels, height, width] : [1, height, width, _channels];
            if (!_guard.Allows(dims))
            {
                error = $"its shapes don't fit together at {height}x{width}";
                return null;
            }

            var outputs = _session.Run(
                new Dictionary<string, Tensor>
                { [_session.Inputs[0].Name] = RandomInput.Of(1, 0, 1, dims) });
            // Pyramids give every scale; the last word is the largest.
            _output ??= outputs.MaxBy(o => o.Value.Count).Key;
            return outputs[_output].Dims;
        }
        catch (MsSrException e)
        {
            error = e.Diagnostic.Message;
            return null;
        }
    }

    private PixelLayout OutputLayout(long[] dims)
    {
        if (dims.Length != 4)
            throw Declined($"its output has the shape [{string.Join(", ", dims)}], which is no image");
        // The input's own layout first: with luma an image of one row would pass for either.
        foreach (var layout in new[] { _inputLayout, PixelLayout.Nchw, PixelLayout.Nhwc })
        {
            var (channels, height, width) = ImageTensors.Sizes(dims, layout);
            if (channels == _channels && height > 1 && width > 1)
                return layout;
        }

        throw Declined($"it makes [{string.Join(", ", dims)}] of an image of {_channels} channels");
    }

    private MsSrException Declined(string why) => new(new Diagnostic("MSSR1203", Severity.Error,
        $"The model doesn't turn an image into an image: {why.TrimEnd('.')}.", _name));
}
