using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Analysis;

namespace MsSrConvert.Passes.MultiScale;

/// <summary>
/// Makes the initializers of new layers. Convs that share a weight in the source share what is made of it: the same request
/// for the same source tensor gives the same initializer.
/// </summary>
internal sealed class LayerWeights(BranchRewriter rewriter, IKernelInitializer start)
{
    private readonly Dictionary<(Value Weight, string Suffix), Value> _made = [];

    /// <summary>A kernel made of the conv's weight.</summary>
    public Value Kernel(Node conv, string suffix, IReadOnlyList<(int[] Outs, int[] Ins)> uses, int groups, int summands)
    {
        var weight = conv.Input(1)!;
        if (_made.TryGetValue((weight, suffix), out var made))
            return made;
        var name = $"{weight.Name}/{suffix}";
        var kernel = start.Kernel(ConvKernel.Of(conv), new KernelRequest(name, uses, groups, summands));
        return _made[(weight, suffix)] = rewriter.Weight(name, kernel.ToTensor(weight.Initializer!.Element));
    }

    /// <summary>The conv's bias for the given channels, or null where it has none.</summary>
    public Value? Bias(Node conv, string suffix, IReadOnlyList<int[]> channels)
    {
        if (conv.Input(2) is not { Initializer: { } data } bias)
            return null;
        if (_made.TryGetValue((bias, suffix), out var made))
            return made;
        var values = start.Bias(data.ToFloats(), channels);
        return _made[(bias, suffix)] = rewriter.Weight($"{bias.Name}/{suffix}", TensorData.OfFloating(data.Element, values, values.Length));
    }

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
