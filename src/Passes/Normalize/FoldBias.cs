using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize.Support;

namespace MsSrConvert.Passes.Normalize;

/// <summary>
/// Folds the Add or Sub of a per-channel constant right behind a Conv or ConvTranspose, whose only reader it is, into the bias;
/// exporters of TensorFlow models spell biases that way.
/// </summary>
/// <remarks>Convs with the same bias that add the same constant share the new bias too.</remarks>
public sealed class FoldBias : IPass
{
    /// <inheritdoc/>
    public string Name => "fold-bias";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var changes = 0;
        var emit = new Emitter(model);
        var made = new Dictionary<(Value? Old, Value Added, bool Subtracted, int Channels, Graph Graph), Value>();
        foreach (var node in model.Graph.AllNodes.Where(n => n.Is("Add") || n.Is("Sub")).ToArray())
        {
            if (Match(node) is not var (conv, added, values))
                continue;
            var key = (conv.Input(2), added, node.OpType == "Sub", values.Length, conv.Graph!);
            if (made.TryGetValue(key, out var shared))
            {
                conv.SetInput(2, shared);
            }
            else
            {
                var sign = node.OpType == "Sub" ? -1 : 1;
                var bias = ConvWeights.Bias(conv).Zip(values, (b, v) => b + (sign * v)).ToArray();
                var data = TensorNumbers.OfDoubles(conv.Input(1).Constant()!.Element, bias, bias.Length);
                conv.SetInput(2, made[key] = emit.Initializer(conv, "bias", data));
            }

            GraphEdits.TakeOutput(conv, node);
            changes++;
        }

        return new PassResult(changes);
    }

    private static (Node Conv, Value Added, double[] Values)? Match(Node node)
    {
        // A constant minus the conv would turn the kernel's sign.
        foreach (var (input, other) in node.OpType == "Add" ? new[] { (0, 1), (1, 0) } : [(0, 1)])
        {
            if (ConvWeights.SoleProducer(node.Input(input), node) is { } conv && node.Input(other) is { } added
                && PerChannel(added, conv) is { } values)
            {
                return (conv, added, values);
            }
        }

        return null;
    }

    // One number per output channel, where the constant has no other extent: [C,1,1], [1,C,1,1] or one number for all.
    private static double[]? PerChannel(Value constant, Node conv)
    {
        if (constant.Constant() is not { } data || constant.ConstantDoubles() is not { } values)
            return null;
        var channels = ConvWeights.OutputChannels(conv);
        var rank = conv.Input(1).Constant()!.Dims.Count;
        if (data.Dims.Count > rank)
            return null;
        var fromChannel = rank - 1;
        for (var i = 1; i <= data.Dims.Count; i++)
        {
            if (data.Dims[^i] != 1 && (i != fromChannel || data.Dims[^i] != channels))
                return null;
        }

        return values.Length == 1 ? [.. Enumerable.Repeat(values[0], (int)channels)] : values;
    }
}
