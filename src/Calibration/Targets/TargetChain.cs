using MsSrConvert.Calibration.Features;
using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Targets;

/// <summary>
/// What a layer is solved for: the value at the end of the operators that only it feeds (PixelShuffle, an activation, a residual
/// sum), brought back through them.
/// </summary>
internal sealed class TargetChain : ILayerTarget
{
    private readonly PairFeatures _pair;
    private readonly List<ITargetStep> _before = [];
    private readonly List<ITargetStep> _after = [];
    private readonly List<Value> _others = [];
    private Node? _activation;

    private TargetChain(PairFeatures pair, Value output)
    {
        _pair = pair;
        (Output, End) = (output, output);
    }

    /// <summary>The layer's output in the teacher.</summary>
    public Value Output { get; }

    /// <summary>The value whose error is kept small.</summary>
    public Value End { get; private set; }

    /// <inheritdoc/>
    public bool HasActivation => _activation is not null;

    /// <summary>True where the layer's output is full.</summary>
    public bool IsFull => _pair.Layout(Output) is null;

    /// <summary>Values of the teacher that are needed.</summary>
    public IEnumerable<Value> TeacherValues => _activation is null ? [End] : [End, _activation.Input(0)!];

    /// <summary>Values of the student that are needed: what the layer's output is added to.</summary>
    public IEnumerable<Value> StudentValues => _others.SelectMany(_pair.StudentOf);

    /// <summary>Follows a layer's output as far as nothing else reads it.</summary>
    /// <param name="pair">Both networks.</param>
    /// <param name="output">The layer's output in the teacher.</param>
    /// <param name="isReady">True for a value of the teacher whose pair doesn't depend on layers still to be solved.</param>
    public static TargetChain Follow(PairFeatures pair, Value output, Func<Value, bool> isReady)
    {
        var chain = new TargetChain(pair, output);
        while (chain.End is { IsGraphOutput: false, Uses: [var use] } && chain.Append(use, isReady))
            chain.End = use.Node.Output;
        return chain;
    }

    /// <inheritdoc/>
    public TargetRows Rows(Place place, int count)
    {
        var wanted = Deep(Wanted(place), place);
        var pixels = PixelSample.Spread(wanted.Height, wanted.Width, count, place.Patch * count);
        var rows = new TargetRows(pixels, pixels.Of(wanted));
        if (_before.Exists(s => s is not ShuffleStep))
        {
            // All that stands before the activation is f·z + o: what it makes of 0 and of 1 tells both.
            Planar Through(float value) =>
                Deep(
                    _before.Aggregate(Planar.Filled(wanted.Count, wanted.Height, wanted.Width, _ => value),
                        (v, s) => s.Forth(v, place)), place);
            var offsets = Through(0);
            rows = rows with
            {
                Offsets = pixels.Of(offsets),
                Factors = [.. PlanarMath.Combine(Through(1), 1, offsets, -1).Heads()]
            };
        }

        if (_activation is not { } node)
            return rows;
        var activation = At(node, place.Branch);
        var before = _pair.Ideal(node.Input(0)!, place);
        var channels = Deep(Planar.Filled(before.Count, before.Height, before.Width, c => c), place).Heads();
        return rows with
        {
            Activation = activation,
            Before = pixels.Of(Deep(before, place)),
            Channels = [.. channels.Select(c => (int)c)],
            Weights = Slopes(activation, before, pixels),
        };
    }

    // A smooth last activation (Tanh, Sigmoid) weighs: by its squared slope at the teacher's values.
    private float[]? Slopes(Activation activation, Planar before, PixelSample pixels)
    {
        if (!IsFull || activation is not SmoothActivation || _before.Count > 0)
            return null;
        var sampled = pixels.Of(before);
        var weights = new float[pixels.Count];
        for (var c = 0; c < sampled.Count; c++)
        {
            for (var i = 0; i < weights.Length; i++)
            {
                var slope = activation.Slope(sampled[c][i], c);
                weights[i] += slope * slope / sampled.Count;
            }
        }

        return weights;
    }

    // From where the activation stands back to the layer's own channels, and there from them, through the shuffles alone.
    private Planar Deep(Planar x, Place place) =>
        _before.OfType<ShuffleStep>().Reverse().Aggregate(x, (v, s) => s.Back(v, place));

    private Planar Wanted(Place place) =>
        _after.AsEnumerable().Reverse().Aggregate(_pair.Ideal(End, place), (v, step) => step.Back(v, place));

    private Activation At(Node node, int branch) =>
        Activations.Of(node, constant => _pair.Share(constant, node.Output, branch))!;

    private bool Append(Use use, Func<Value, bool> isReady)
    {
        if (use.Index == 0 && Activations.IsActivation(use.Node) && _activation is null)
        {
            _activation = use.Node;
            return true;
        }

        if (Step(use, isReady) is not { } step)
            return false;
        (_activation is null ? _before : _after).Add(step);
        return true;
    }

    private ITargetStep? Step(Use use, Func<Value, bool> isReady)
    {
        var node = use.Node;
        if (node.Is("DepthToSpace"))
            return new ShuffleStep((int)node.GetInt("blocksize", 1), node.GetString("mode", "DCR") != "CRD");
        if (node.OpType is not ("Add" or "Sub" or "Mul" or "Div") || node.Inputs.Count != 2 || node.Input(0) == node.Input(1))
            return null;
        var other = node.Input(1 - use.Index)!;
        if (other.Initializer is not null)
            return Constant(node, use.Index, other);
        if (node.OpType is not ("Add" or "Sub") || !isReady(other)
            || _pair.StudentOf(other).Count != _pair.StudentOf(node.Output).Count)
        {
            return null;
        }

        _others.Add(other);
        var subtracts = node.Is("Sub");
        return new SumStep(place => _pair.Actual(other, place), subtracts && use.Index == 1 ? -1 : 1,
            subtracts && use.Index == 0 ? -1 : 1);
    }

    private AffineStep? Constant(Node node, int index, Value constant)
    {
        if (constant.Initializer!.Count != 1 && constant.Initializer.Dims is not ([_, 1, 1] or [1, _, 1, 1]))
            return null;
        float[] Share(int branch) => _pair.Share(constant, node.Output, branch);
        float[] Negated(int branch) => Array.ConvertAll(Share(branch), v => -v);
        static float[] One(int branch) => [1];
        static float[] Zero(int branch) => [0];
        return (node.OpType, index) switch
        {
            ("Add", _) => new AffineStep(One, Share),
            ("Sub", 0) => new AffineStep(One, Negated),
            ("Sub", 1) => new AffineStep(_ => [-1], Share),
            ("Mul", _) => new AffineStep(Share, Zero),
            ("Div", 0) => new AffineStep(branch => Array.ConvertAll(Share(branch), v => v == 0 ? 0 : 1 / v), Zero),
            _ => null,
        };
    }
}
