using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Deploy;

/// <summary>
/// Pads features with zero channels to a multiple of the runtime's block, where they would miss its blocked layout (22 channels
/// of n=3) and the padding costs little. What the new channels hold is never read: the kernels' columns for them are zero.
/// </summary>
/// <param name="block">The multiple to pad to.</param>
/// <param name="enough">
/// Channels in a multiple of this are fast already: ONNX Runtime pads within its blocks from multiples of 4.
/// </param>
internal sealed class PadChannels(int block, int enough = 4) : IPass
{
    // The blocked kernels do about 1.6 times the multiply-adds a second of the others, and a conv's cost grows with the square.
    private const double Affordable = 1.26;

    /// <inheritdoc/>
    public string Name => "pad-channels";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var spaces = new ChannelSpaces(model, Width);
        var nodes = model.Graph.Nodes
            .Select(n => (Node: n, From: Places(spaces, n.Input(0)), To: Places(spaces, n.Outputs.FirstOrDefault())))
            .Where(n => n.From is not null || n.To is not null).ToArray();
        var padded = new Padded(new Emitter(model));
        foreach (var (node, from, to) in nodes)
            Pad(node, from, to, spaces, padded);
        foreach (var output in nodes.Where(n => n.To is not null).SelectMany(n => n.Node.Outputs).OfType<Value>()
            .Where(v => !v.IsGraphOutput))
        {
            output.Type = null;
        }

        return new PassResult(nodes.Length);
    }

    private static int[]? Places(ChannelSpaces spaces, Value? value) => value is null ? null : spaces.Places(value);

    private long Width(long channels)
    {
        var width = Multiples.RoundUp(channels, block);
        return channels % enough != 0 && width <= Affordable * channels ? width : channels;
    }

    private static void Pad(Node node, int[]? from, int[]? to, ChannelSpaces spaces, Padded padded)
    {
        switch (node.OpType)
        {
            case "Conv":
                if (to is not null)
                {
                    node.SetInput(1, padded.Along(node, node.Input(1)!, 0, to));
                    if (node.Input(2) is { } bias)
                        node.SetInput(2, padded.Along(node, bias, 0, to));
                }

                if (from is not null)
                    node.SetInput(1, padded.Along(node, node.Input(1)!, 1, from));
                return;
            case "Split":
                var widths = node.Input(1).ConstantInts()!;
                node.SetInput(1,
                    padded.Integers(node, "widths", [.. node.Outputs.Select((o, i) => spaces.Places(o!)?.Length ?? widths[i])]));
                return;
            default:
                for (var i = 0; to is not null && i < node.Inputs.Count; i++)
                {
                    var channels = to.Max() + 1;
                    if (node.Input(i).Constant() is { } data && data.Count != 1
                        && ChannelSpaces.ChannelAxis(data, channels) is { } axis)
                    {
                        node.SetInput(i, padded.Along(node, node.Input(i)!, axis, to));
                    }
                }

                return;
        }
    }

    /// <summary>The padded constants; one for all readers that want the same, so that shared kernels stay shared.</summary>
    private sealed class Padded(Emitter emit)
    {
        private readonly Dictionary<(Value, int, string), Value> _made = [];

        public Value Along(Node owner, Value constant, int axis, int[] places)
        {
            var key = (constant, axis, string.Join(',', places));
            return _made.TryGetValue(key, out var made)
                ? made
                : _made[key] = emit.Initializer(owner.Graph!, $"{constant.Name}/padded",
                    ChannelSlices.Take(constant.Initializer!, axis, places));
        }

        public Value Integers(Node owner, string suffix, long[] values) => emit.Ints(owner, suffix, values);
    }
}
