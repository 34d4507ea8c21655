using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Passes.Analysis;

/// <summary>What becomes of a conv; follows from whether its input and its output are shared out over branches.</summary>
public enum ConvRole
{
    /// <summary>Full to full: stays as it is.</summary>
    Kept,
    /// <summary>Full to branched: the separation layer (S1, claims 1-3).</summary>
    Separation,
    /// <summary>Branched to branched: the mapping/interaction layer (S2, claims 1 and 4-9).</summary>
    Interaction,
    /// <summary>Branched to full: the fusion layer (S3, claims 1 and 10).</summary>
    Fusion,
}

/// <summary>The decision on one conv.</summary>
/// <param name="Node">The conv.</param>
/// <param name="Role">What becomes of it.</param>
/// <param name="Reason">Why, in one sentence.</param>
public sealed record ConvDecision(Node Node, ConvRole Role, string Reason)
{
    /// <summary>What the conv computes in the source; the rewrite takes it from the node.</summary>
    public Value Output { get; } = Node.Output;
}

/// <summary>
/// The whole decision on a model: the role of every conv and the sharing out of every branched value. Immutable; the rewrite
/// passes execute it and decide nothing.
/// </summary>
public sealed class ConversionPlan
{
    internal ConversionPlan(
        ConversionOptions options,
        IReadOnlyList<ConvDecision> convs,
        IReadOnlyDictionary<Value, BranchLayout> layouts,
        InputSizes inputSizes,
        ShapeMap sourceShapes)
    {
        Options = options;
        Convs = convs;
        Layouts = layouts;
        InputSizes = inputSizes;
        SourceShapes = sourceShapes;
        Roles = convs.ToDictionary(c => c.Node, c => c.Role);
    }

    /// <summary>The options the plan was made for.</summary>
    public ConversionOptions Options { get; }

    /// <summary>Every conv of the main graph in graph order.</summary>
    public IReadOnlyList<ConvDecision> Convs { get; }

    /// <summary>The layout of every branched value; a value that isn't here is full.</summary>
    public IReadOnlyDictionary<Value, BranchLayout> Layouts { get; }

    /// <summary>Which multiple the inputs' height and width must have.</summary>
    public InputSizes InputSizes { get; }

    /// <summary>The source's shapes for inputs of any size.</summary>
    public ShapeMap SourceShapes { get; }

    /// <summary>The role of every conv.</summary>
    public IReadOnlyDictionary<Node, ConvRole> Roles { get; }

    /// <summary>The number of branches n.</summary>
    public int Branches => Options.Branches;

    /// <summary>How many convs take part.</summary>
    public int ConvertedConvs => Convs.Count(c => c.Role != ConvRole.Kept);

    /// <summary>True when the value is shared out over branches.</summary>
    public bool IsBranched(Value? value) => value is not null && Layouts.ContainsKey(value);
}
