using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Branching;

/// <summary>
/// What a rule needs to write a node branch by branch: the branches of a value, new nodes named after the source node, the two
/// resamplers, and constants partitioned with the channels.
/// </summary>
internal interface IBranchWriter
{
    /// <summary>The shape of a source's value for input sizes that are valid multiples; null where it isn't known.</summary>
    Shape? ShapeOf(Value value);

    /// <summary>How the pixels that a source's node computes relate to those it reads.</summary>
    PixelRelation RelationOf(Node node);

    /// <summary>The factors of a source's Resize; null where they are no whole ones or change with the size.</summary>
    IReadOnlyList<SizeFactor>? FactorsOf(Node resize);

    /// <summary>True when the value is partitioned over branches.</summary>
    bool IsBranched(Value? value);

    /// <summary>The layout of a branched value.</summary>
    BranchLayout Layout(Value value);

    /// <summary>The branches of a branched value, finest first.</summary>
    Value[] Branches(Value whole);

    /// <summary>Makes these branches stand for the value.</summary>
    void Join(Value whole, IReadOnlyList<Value> branches);

    /// <summary>Lets a value of the source be computed by the node that was emitted for it; its readers don't notice.</summary>
    void Replace(Value old, Value emitted);

    /// <summary>A full value at the enlarged size that branches need; one node however many readers ask.</summary>
    Value Enlarged(Value full);

    /// <summary>
    /// A map made of a branch that was cut back, brought to the size that branches have: <paramref name="factors"/> times that of
    /// a branch of the value, or just that.
    /// </summary>
    Value Enlarged(Node source, Value whole, int branch, Value x, IReadOnlyList<SizeFactor>? factors = null);

    /// <summary>
    /// A branch of a value with the pixels that only enlarge it cut off: exactly the source's in the finest branch; in coarser
    /// ones also the pixel that half belongs to it.
    /// </summary>
    Value CutBack(Node source, Value whole, int branch, Value x);

    /// <summary>
    /// The shape N, <paramref name="width"/>, height, width of a branch of a value times factors, as int64[4] computed in the
    /// graph.
    /// </summary>
    Value SizeOf(Node source, string suffix, Value whole, int branch, long width, bool enlarged,
        IReadOnlyList<SizeFactor>? factors = null);

    /// <summary>Adds a node named <c>source/suffix</c> and gives its output.</summary>
    Value Emit(Node source, string suffix, string opType, IEnumerable<Value?> inputs, Action<Node>? configure = null);

    /// <summary>Adds a node like the source's that reads other values, and gives its output.</summary>
    Value EmitLike(Node source, string suffix, IEnumerable<Value?> inputs, Action<Node>? configure = null);

    /// <summary>Repeats a node for every branch with other inputs.</summary>
    Value[] PerBranch(Node source, int branches, Func<int, IEnumerable<Value?>> inputs);

    /// <summary>Repeats a node for every branch of a value.</summary>
    Value[] PerBranch(Node source, Value[] branches, Func<int, Value, IEnumerable<Value?>> inputs);

    /// <summary>Halves group i of channels i times in height and width, by averaging.</summary>
    Value[] Halved(Node source, Value[] groups);

    /// <summary>A full value at the scale of every branch: enlarged, that halved, halved twice …</summary>
    Value[] Pyramid(Node source, Value value);

    /// <summary>Takes consecutive runs of channels apart.</summary>
    Value[] SplitChannels(Node source, Value x, IReadOnlyList<long> widths, string suffix);

    /// <summary>Shares a pooled N,C,1,1 vector in source order out to the branches.</summary>
    Value[] SplitPooled(Node source, Value vector, BranchLayout layout);

    /// <summary>Puts the branches' pooled vectors together in source order.</summary>
    Value JoinPooled(Node source, IReadOnlyList<Value> vectors, BranchLayout layout);

    /// <summary>
    /// A branch's share of a constant that runs over the channels; a constant of one element is shared by all. Readers of the
    /// same constant under the same layout get the same share, so that ties stay.
    /// </summary>
    /// <param name="constant">An initializer that broadcasts against N,C,H,W, or runs over axis <paramref name="axis"/>.</param>
    /// <param name="layout">The layout of the feature value it belongs to.</param>
    /// <param name="branch">The branch, from 0.</param>
    /// <param name="axis">The channel axis; by default the third from the end.</param>
    Value ChannelConstant(Value constant, BranchLayout layout, int branch, int? axis = null);

    /// <summary>A constant list of integers.</summary>
    Value Integers(Node source, string suffix, IReadOnlyList<long> values);

    /// <summary>A constant list of floats.</summary>
    Value Floats(Node source, string suffix, IReadOnlyList<float> values);
}
