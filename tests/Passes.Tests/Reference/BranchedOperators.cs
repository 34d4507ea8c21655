using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Tests.Reference;

/// <summary>Operators between the convs, done to every branch by itself.</summary>
internal static class BranchedOperators
{
    /// <summary>
    /// Computes a node whose inputs are branched (<see cref="Branched"/>), full (<see cref="NdArray"/>) or absent.
    /// </summary>
    public static Branched[] Evaluate(Node node, object?[] inputs)
    {
        var first = inputs.OfType<Branched>().First();
        return node.OpType switch
        {
            "Concat" => [Concat(node, [.. inputs.Select(i => i as Branched ?? Image((NdArray)i!, first.Count))])],
            "Split" => Split(first, [.. ((NdArray)inputs[1]!).Data.Select(d => (int)d)]),
            "Slice" => [Slice(first, inputs)],
            "DepthToSpace" => [Shuffle(node, first)],
            "SpaceToDepth" => [Unshuffle(node, first)],
            _ =>
                [first.Map((_, b) => PlainOperators.Evaluate(node, [.. inputs.Select(input => Part(node, input, first, b))])[0])],
        };
    }

    /// <summary>
    /// A pooling over all of height and width: one vector of all channels in the source's order. A sum over a coarser branch
    /// counts every pixel as the four it stands for.
    /// </summary>
    public static NdArray Reduce(Node node, Branched x)
    {
        var result = NdArray.Zeros(x.Branches[0].N, x.Channels, 1, 1);
        for (var b = 0; b < x.Count; b++)
        {
            var weight = node.OpType switch
            {
                "ReduceSum" or "ReduceL1" or "ReduceSumSquare" => Math.Pow(4, b),
                "ReduceL2" => Math.Pow(2, b),
                _ => 1,
            };
            var pooled = PlainPooling.Reduce(node.OpType, x.Branches[b]);
            for (var n = 0; n < result.N; n++)
            {
                for (var place = 0; place < x.Layout[b].Length; place++)
                {
                    if (x.Layout[b][place] >= 0)
                        result[n, x.Layout[b][place], 0, 0] = pooled[n, place, 0, 0] * weight;
                }
            }
        }

        return result;
    }

    // An image isn't partitioned: every branch gets all of it at its own scale.
    private static Branched Image(NdArray whole, int branches) => new(
        [.. Enumerable.Range(0, branches).Select(b => Halved(whole, b))],
        [.. Enumerable.Range(0, branches).Select(_ => Enumerable.Range(0, whole.C).ToArray())]);

    private static NdArray Halved(NdArray x, int times) =>
        Enumerable.Range(0, times).Aggregate(x, (scaled, _) => scaled.HalvedByMean());

    private static Branched Concat(Node node, Branched[] parts)
    {
        var layout = parts[0].Layout.Select(_ => new List<int>()).ToArray();
        var start = 0;
        foreach (var part in parts)
        {
            for (var b = 0; b < layout.Length; b++)
                layout[b].AddRange(part.Layout[b].Select(c => Branched.Renumber(c, r => r + start)));
            start += part.Channels;
        }

        return new Branched(
            [.. layout.Select((_, b) => PlainOperators.Evaluate(node, [.. parts.Select(p => p.Branches[b])])[0])],
            [.. layout.Select(l => l.ToArray())]);
    }

    // Every branch gives each output the places that carry its channels, and the filling right behind them.
    private static Branched[] Split(Branched x, int[] lengths)
    {
        var start = 0;
        return [.. lengths.Select(length => Run(x, start, start += length))];
    }

    private static Branched Slice(Branched x, object?[] inputs)
    {
        int Bound(object? at) =>
            ((NdArray)at!).Data[0] is var value && value < 0 ? (int)value + x.Channels : Math.Min((int)value, x.Channels);
        return Run(x, Bound(inputs[1]), Bound(inputs[2]));
    }

    private static Branched Run(Branched x, int start, int end)
    {
        int[] places =
            [.. Enumerable.Range(0, x.Layout[0].Length).Where(place => x.Layout[0][place] >= start && x.Layout[0][place] < end)];
        return new Branched(
            [.. x.Branches.Select(branch => branch.TakeChannels(places))],
            [.. x.Layout.Select(l => places.Select(p => Branched.Renumber(l[p], c => c - start)).ToArray())]);
    }

    private static Branched Shuffle(Node node, Branched x)
    {
        var r = (int)node.GetInt("blocksize", 1);
        var crd = node.GetString("mode", "DCR") == "CRD";
        var channels = x.Channels / (r * r);
        return new Branched(
            [.. x.Branches.Select(b => PlainMovement.DepthToSpace(b, r, crd))],
            [.. x.Layout.Select(l => Enumerable.Range(0, l.Length / (r * r))
                .Select(
                    place => crd ? Branched.Renumber(l[place * r * r], c => c / (r * r)) : Branched.Renumber(l[place],
                        c => c % channels)).ToArray())]);
    }

    private static Branched Unshuffle(Node node, Branched x)
    {
        var r = (int)node.GetInt("blocksize", 1);
        return new Branched(
            [.. x.Branches.Select(b => PlainMovement.SpaceToDepth(b, r))],
            [
                .. x.Layout
                    .Select(
                        l => Enumerable.Range(0,
                            r * r).SelectMany(k => l.Select(c => Branched.Renumber(c, real => k * x.Channels + real))).ToArray())
            ]);
    }

    // What a branch reads of an operand: its branch, its channels of a constant or gate, or a one-channel map at its scale.
    private static NdArray? Part(Node node, object? operand, Branched like, int branch)
    {
        if (operand is Branched branched)
            return branched.Branches[branch];
        if (operand is not NdArray whole)
            return null;
        if (node.OpType is "BatchNormalization" or "InstanceNormalization")
            return NdArray.Vector([.. like.Layout[branch].Select(c => whole.Data[Branched.Copied(c)])]);
        var axis = whole.Dims.Length - 3;
        if (axis < 0 || whole.Data.Length == 1)
            return whole;
        if (whole.Dims[axis + 1] > 1 || whole.Dims[axis + 2] > 1)
            return Halved(whole, branch);
        return whole.Dims[axis] == 1 ? whole : Channels(whole, axis, like.Layout[branch]);
    }

    // A padding channel takes what the channel takes that it is a copy of.
    private static NdArray Channels(NdArray whole, int axis, int[] channels)
    {
        var batch = axis == 1 ? whole.Dims[0] : 1;
        var result = NdArray.Zeros(batch, channels.Length, 1, 1);
        result.Fill((n, place, _, _) => whole.Data[n * whole.Dims[axis] + Branched.Copied(channels[place])]);
        return result;
    }
}
