using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Plan;

namespace MsSrConvert.Passes.Tests.Reference;

/// <summary>
/// Runs a source network as the method defines its converted form, in direct loops and double precision. From the converted
/// model it takes the kernels by their names and nothing else: a conv with a <c>/separation</c> kernel separates, one with a
/// <c>/same</c> kernel is an interaction, one with a <c>/fusion1</c> kernel fuses, and everything between goes branch by branch.
/// </summary>
internal sealed class BranchedReference
{
    private readonly Model _source;
    private readonly IReadOnlyDictionary<string, NdArray> _kernels;
    private readonly int _n;
    private readonly Interaction _mode;
    private readonly IReadOnlyDictionary<string, Sharing> _sharing;
    private readonly Dictionary<Value, NdArray> _full = [];
    private readonly Dictionary<Value, Branched> _branched = [];
    private SourceSizes _sizes = null!;

    /// <summary>Prepares a run.</summary>
    /// <param name="source">The source network, not normalised.</param>
    /// <param name="kernels">The converted model's initializers by name.</param>
    /// <param name="options">How many branches, and which cross kernels.</param>
    /// <param name="sharing">How channels behind a conv of that node name are partitioned, where not evenly.</param>
    public BranchedReference(
        Model source, IReadOnlyDictionary<string, NdArray> kernels, ConversionOptions options,
            IReadOnlyDictionary<string, Sharing> sharing) =>
        (_source, _kernels, _n, _mode, _sharing) = (source, kernels, options.Branches, options.Interaction, sharing);

    /// <summary>The outputs in order; branches are enlarged to what makes the input's size a multiple.</summary>
    public NdArray[] Run(NdArray input, int multiple)
    {
        _sizes = new SourceSizes(_source, input, multiple);
        foreach (var value in _source.Graph.Initializers)
            _full[value] = NdArray.Of(value.Initializer!);
        _full[_source.Graph.Inputs.Single(v => v.Initializer is null)] = input;
        foreach (var node in _source.Graph.Nodes)
        {
            if (node.Is("Conv") || node.Is("ConvTranspose"))
                Convolve(node);
            else if (node.Inputs.Any(i => i is not null && _branched.ContainsKey(i)))
                BranchByBranch(node);
            else
                Whole(node);
        }

        return [.. _source.Graph.Outputs.Select(o => _full[o])];
    }

    private void Whole(Node node)
    {
        var results = PlainOperators.Evaluate(node, [.. node.Inputs.Select(i => i is null ? null : _full[i])]);
        foreach (var (output, result) in node.Outputs.Zip(results))
            _full[output!] = result;
    }

    private void Convolve(Node conv)
    {
        var weight = conv.Input(1)!.Name;
        if (_kernels.ContainsKey(weight + "/separation"))
            _branched[conv.Output] = Separate(conv, Enlarged(conv));
        else if (_kernels.ContainsKey(weight + "/same"))
            _branched[conv.Output] = Interact(conv, _branched[conv.Input(0)!]);
        else if (_kernels.ContainsKey(weight + "/fusion1"))
            _full[conv.Output] = _sizes.Cut(conv.Output, Fuse(conv, _branched[conv.Input(0)!]));
        else if (_sharing.ContainsKey(conv.Name))
            _branched[conv.Output] = SeparateGrouped(conv);
        else
            Whole(conv);
    }

    // What a conv reads whose output is branched; a margin in front of it belongs to it.
    private NdArray Enlarged(Node conv)
    {
        var input = conv.Input(0)!;
        return input.Producer is { OpType: "Pad" } pad
            ? PlainOperators.Evaluate(pad,
                [_sizes.Enlarge(pad.Input(0)!, _full[pad.Input(0)!]),
                    .. pad.Inputs.Skip(1).Select(i => i is null ? null : _full[i])])[0]
            : _sizes.Enlarge(input, _full[input]);
    }

    // Claims 2 and 3: all C channels at full size, n groups of C/n, group i halved i-1 times.
    private Branched Separate(Node conv, NdArray x)
    {
        var features = PlainConvolution.Convolve(conv, x, Kernel(conv, "separation"), Bias(conv, "separation"), 1);
        var width = features.C / _n;
        return new Branched(
            [.. Enumerable.Range(0, _n).Select(i => Down(PlainMovement.Slice(features, 1, i * width, (i + 1) * width), i))],
            Layout(conv));
    }

    // A grouped conv stays as it is, and channels are picked from what it makes.
    private Branched SeparateGrouped(Node conv)
    {
        var features = PlainOperators.Evaluate(conv,
            [Enlarged(conv), .. conv.Inputs.Skip(1).Select(i => i is null ? null : _full[i])])[0];
        var layout = Layout(conv);
        return new Branched(
            [.. layout.Select((channels, i) => Down(features.TakeChannels(Array.ConvertAll(channels, Branched.Copied)), i))],
            layout);
    }

    // Claims 4 to 9: out_i = W x_i + sum_j K_ji x_j + b; halving before, doubling after the kernel.
    private Branched Interact(Node conv, Branched x)
    {
        var outputs = new NdArray[_n];
        for (var i = 0; i < _n; i++)
        {
            outputs[i] = Apply(conv, x.Branches[i], i, "same", Bias(conv, "same"));
            for (var j = 0; j < _n; j++)
            {
                if (j == i || (_mode == Interaction.Adjacent && Math.Abs(i - j) > 1))
                    continue;
                var kernel = $"from{j + 1}to{i + 1}";
                outputs[i] = outputs[i].Plus(j < i
                    ? Apply(conv, Down(x.Branches[j], i - j), i, kernel, null)
                    : Up(Apply(conv, x.Branches[j], j, kernel, null), j - i));
            }
        }

        return new Branched(outputs, Layout(conv));
    }

    // Claim 10: one kernel per branch to the original depth, branch i doubled i-1 times, all added.
    private NdArray Fuse(Node conv, Branched x) => Enumerable.Range(0, _n)
        .Select(i => Up(Apply(conv, x.Branches[i], i, $"fusion{i + 1}", i == 0 ? Bias(conv, "fusion") : null), i))
        .Aggregate((a, b) => a.Plus(b));

    private NdArray Apply(Node conv, NdArray x, int scale, string kernel, NdArray? bias)
    {
        var values = Kernel(conv, kernel);
        // A margin in front of a conv belongs to it: the branches are padded last.
        if (conv.Input(0)!.Producer is { OpType: "Pad" } pad)
        {
            x = PlainOperators.Evaluate(scale > 0 ? Repeating(pad) : pad,
                [x, .. pad.Inputs.Skip(1).Select(i => i is null ? null : _full[i])])[0];
        }

        return PlainConvolution.Convolve(conv, x, values, bias, Groups(conv, x.C, values));
    }

    // On a coarser map a mirrored border is a repeated one.
    private static Node Repeating(Node pad) =>
        pad.GetString("mode", "constant") == "reflect" ? new Node("Pad", [], [], pad.Name).With("mode", "edge") : pad;

    // A grouped layer's branches either carry a part of every group or whole groups.
    private static int Groups(Node conv, int channels, NdArray kernel)
    {
        if (conv.Is("Conv"))
            return channels / kernel.Dims[1];
        var source = conv.Input(1)!.Initializer!;
        var groups = (int)conv.GetInt("group", 1);
        return groups > 1 && kernel.Dims[1] == source.Dims[1] ? channels / ((int)source.Dims[0] / groups) : groups;
    }

    private NdArray Kernel(Node conv, string suffix) => _kernels[$"{conv.Input(1)!.Name}/{suffix}"];

    private NdArray? Bias(Node conv, string suffix) => conv.Input(2) is { } bias ? _kernels[$"{bias.Name}/{suffix}"] : null;

    private int[][] Layout(Node conv)
    {
        var weight = conv.Input(1)!.Initializer!;
        var channels = (int)(conv.Is("Conv") ? weight.Dims[0] : weight.Dims[1] * conv.GetInt("group", 1));
        return (_sharing.GetValueOrDefault(conv.Name) ?? Sharing.Even(channels)).Layout(_n);
    }

    private void BranchByBranch(Node node)
    {
        if (PlainPooling.IsGlobal(node))
        {
            _full[node.Output] = BranchedOperators.Reduce(node, _sizes.Cut(node.Input(0)!, _branched[node.Input(0)!]));
            return;
        }

        if (node.Is("Pad"))
        {
            _branched[node.Output] = _branched[node.Input(0)!];
            return;
        }

        if (node.Is("Shape"))
        {
            _full[node.Output] = NdArray.Vector(_sizes.Own(node.Input(0)!));
            return;
        }

        var seesAll = node.Is("InstanceNormalization") || (node.Is("Resize") && IsInterpolated(node))
            || (node.GetInts("pads")?.Any(p => p > 0) ?? false);
        var inputs = node.Inputs.Select(i => i is null ? null : (object?)BranchesOf(i, seesAll) ?? FullOf(i)).ToArray();
        var results = node.Is("Resize") && !(seesAll && _sizes.IsByFactor(node))
            ? [ResizeTo(node, (Branched)inputs[0]!, seesAll)]
            : BranchedOperators.Evaluate(node, inputs);
        foreach (var (output, result) in node.Outputs.Zip(results))
            _branched[output!] = seesAll ? _sizes.Enlarge(output!, result) : result;
    }

    // Constants are partitioned or read as they are, whatever their shape.
    private NdArray FullOf(Value value) => value.Initializer is null ? _sizes.Enlarge(value, _full[value]) : _full[value];

    // A node to which it matters where the map ends sees what is the source's.
    private Branched? BranchesOf(Value value, bool cut) =>
        !_branched.TryGetValue(value, out var branches) ? null : cut ? _sizes.Cut(value, branches) : branches;

    private bool IsInterpolated(Node resize) => resize.GetString("mode", "nearest") != "nearest"
        ? resize.Input(3) is not null || _sizes.IsByFactor(resize)
        : resize.Input(3) is not null && !_sizes.IsByFactor(resize);

    private Branched ResizeTo(Node resize, Branched x, bool seesAll) => x.Map((branch, b) =>
    {
        var (height, width) = _sizes.Branch(resize.Output, b, enlarged: !seesAll);
        return PlainMovement.Resize(resize, branch, [null, null, null, NdArray.Vector(branch.N, branch.C, height, width)]);
    });

    private static NdArray Down(NdArray x, int times) => times == 0 ? x : Down(x.HalvedByMean(), times - 1);

    private static NdArray Up(NdArray x, int times) => times == 0 ? x : Up(x.DoubledByRepeating(), times - 1);
}
