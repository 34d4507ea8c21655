using static TorchSharp.torch.nn.functional;

namespace MsSrConvert.Training.Operators;

/// <summary>Two-dimensional convolution.</summary>
internal sealed class ConvOperator : ITorchOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Conv"];

    public TorchStep Prepare(NodeContext context)
    {
        var node = context.Node;
        context.RequireImage(node.Input(0));
        var window = Window.Of(context);
        var group = node.GetInt("group", 1);
        return TorchStep.Of(node.Inputs, x =>
        {
            var bias = x.Length > 2 ? x[2] : null;
            if (window.IsEven)
                return conv2d(x[0], x[1], bias, window.Strides, window.EvenPads, window.Dilations, group);
            using var padded = pad(x[0], window.PadsFromLast);
            return conv2d(padded, x[1], bias, window.Strides, [0, 0], window.Dilations, group);
        });
    }
}

/// <summary>How a convolution or pooling slides: pads, strides and dilations by height and width.</summary>
/// <param name="Pads">Rows above, columns left, rows below, columns right.</param>
/// <param name="Strides">Step down and right.</param>
/// <param name="Dilations">Distance of the kernel's rows and columns.</param>
internal sealed record Window(long[] Pads, long[] Strides, long[] Dilations)
{
    /// <summary>Reads a node's attributes.</summary>
    public static Window Of(NodeContext context)
    {
        var node = context.Node;
        if (node.GetString("auto_pad", "NOTSET") is not ("NOTSET" or "VALID") and var auto)
            throw context.Unsupported($"its pads are left to auto_pad {auto}");
        return new Window(node.GetInts("pads")?.ToArray() ?? [0, 0, 0, 0], node.GetInts("strides")?.ToArray() ?? [1, 1],
            node.GetInts("dilations")?.ToArray() ?? [1, 1]);
    }

    /// <summary>True when both sides are padded alike.</summary>
    public bool IsEven => Pads[0] == Pads[2] && Pads[1] == Pads[3];

    /// <summary>The pads where both sides are alike.</summary>
    public long[] EvenPads { get; } = [Pads[0], Pads[1]];

    /// <summary>Pads in torch's order: left, right, above, below.</summary>
    public long[] PadsFromLast { get; } = [Pads[1], Pads[3], Pads[0], Pads[2]];
}
