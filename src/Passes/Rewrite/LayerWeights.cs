using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Plan;

namespace MsSrConvert.Passes.Rewrite;

/// <summary>
/// Makes the initializers of new layers. Convs that share a weight in the source share what is made of it: the same request
/// for the same source tensor gives the same initializer.
/// </summary>
internal sealed class LayerWeights(BranchRewriter rewriter, IKernelInitializer start)
{
    private readonly Dictionary<(Value Weight, string Suffix), Value> _made = [];
    private readonly List<(Value Bias, string Suffix, IReadOnlyList<int[]> Channels, Value Made)> _madeBiases = [];

    /// <summary>A kernel made of the conv's weight.</summary>
    public Value Kernel(Node conv, string suffix, IReadOnlyList<(int[] Outs, int[] Ins)> uses, int groups, bool joins)
    {
        var weight = conv.Input(1)!;
        if (_made.TryGetValue((weight, suffix), out var made))
            return made;
        var name = $"{weight.Name}/{suffix}";
        var (source, element) = (ConvKernel.Of(conv), weight.Initializer!.Element);
        var request = new KernelRequest(name, uses, groups, joins);
        // Made when it is asked for, and again if need be: all kernels of a model may be larger than the memory.
        return _made[(weight, suffix)] = rewriter.Weight(name, new TensorData(element,
            source.Like(uses[0].Outs.Length, uses[0].Ins.Length, groups).Dims,
            () => start.Kernel(source.Unread(), request).ToTensor(element).Bytes));
    }

    /// <summary>
    /// The conv's bias for the given channels, or null where it has none. Tools merge equal biases of convs that have nothing
    /// else in common, so that the same bias may be wanted for channels partitioned in several ways.
    /// </summary>
    public Value? Bias(Node conv, string suffix, IReadOnlyList<int[]> channels)
    {
        if (conv.Input(2) is not { Initializer: { } data } bias)
            return null;
        foreach (var entry in _madeBiases.Where(e => e.Bias == bias && e.Suffix == suffix && Equal(e.Channels, channels)))
            return entry.Made;
        var values = start.Bias(data.ToFloats(), channels);
        var made = rewriter.Weight($"{bias.Name}/{suffix}", TensorData.OfFloating(data.Element, values, values.Length));
        _madeBiases.Add((bias, suffix, channels, made));
        return made;
    }

    private static bool Equal(IReadOnlyList<int[]> a, IReadOnlyList<int[]> b) =>
        a.Count == b.Count && a.Zip(b).All(p => p.First.SequenceEqual(p.Second));

    /// <summary>The group count of a conv between two branches: kept where every branch has a part of every group.</summary>
    public static int GroupsPerBranch(Node conv, BranchLayout input, BranchLayout output)
    {
        var groups = conv.GetInt("group", 1);
        if (groups == 1)
            return 1;
        var kernel = ConvKernel.Of(conv);
        return LayoutBuilder.HasEvenGroups(input, kernel.Ins, groups) && LayoutBuilder.HasEvenGroups(output, kernel.Outs, groups)
            ? (int)groups
            : input.Width / (kernel.Ins / (int)groups);
    }
}
