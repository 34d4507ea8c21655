using MsSrConvert.Calibration.Features;
using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Rewrite;

namespace MsSrConvert.Calibration.Layers;

/// <summary>A part of an initializer that is solved for: some of a kernel's outputs, or of a bias.</summary>
/// <param name="Initializer">The kernel or bias.</param>
/// <param name="FirstOutput">The first output channel.</param>
/// <param name="Outputs">How many output channels.</param>
/// <param name="IsBias">True for a bias.</param>
internal readonly record struct Unknown(Value Initializer, int FirstOutput, int Outputs, bool IsBias);

/// <summary>One kernel's contribution to one branch of a layer's output.</summary>
/// <param name="Kernel">What is solved for.</param>
/// <param name="Conv">The conv that applies the kernel.</param>
internal sealed record Term(Unknown Kernel, Node Conv)
{
    /// <summary>The kernel's elements for one output: what the conv unfolds each pixel of a group's inputs into.</summary>
    public int Columns
    {
        get
        {
            var dims = Kernel.Initializer.Initializer!.Dims;
            return (int)((Conv.Is("ConvTranspose") ? dims[0] / Conv.GetInt("group", 1) : dims[1]) * dims[2] * dims[3]);
        }
    }
}

/// <summary>All that adds up to one branch of a layer's output.</summary>
/// <param name="Output">The branch.</param>
/// <param name="Terms">The kernels' contributions; each is repeated up or averaged down to the branch's size.</param>
/// <param name="Bias">The bias, or null.</param>
internal sealed record BranchSum(Value Output, IReadOnlyList<Term> Terms, Unknown? Bias)
{
    /// <summary>The kernels and the bias.</summary>
    public IEnumerable<Value> Initializers =>
        Terms.Select(t => t.Kernel).Concat(Bias is { } bias ? [bias] : []).Select(u => u.Initializer);
}

/// <summary>
/// Reads a converted layer off the graph: from each branch of its output back through sums, resampling and splits to the convs. A
/// layer is linear in the kernels it finds there, whatever the number of branches and the mode of interaction.
/// </summary>
internal static class LayerTerms
{
    /// <summary>The sums behind every branch of a conv's output, or null when one isn't made of convs alone.</summary>
    /// <param name="pair">Both networks.</param>
    /// <param name="conv">The conv in the source.</param>
    public static IReadOnlyList<BranchSum>? Of(PairFeatures pair, Node conv)
    {
        var width = pair.Layout(conv.Output)?.Width ?? (int)ConvKernel.Of(conv).Outs;
        var sums = pair.StudentOf(conv.Output).Select(branch => Find(branch, width)).ToArray();
        return sums.Length == 0 || sums.Contains(null) ? null : [.. sums.OfType<BranchSum>()];
    }

    /// <summary>The sum behind a branch of a layer's output, or null when it isn't made of convs alone.</summary>
    public static BranchSum? Find(Value output, int channels)
    {
        var terms = new List<Term>();
        Unknown? bias = null;
        return Collect(output, 0, channels, terms, ref bias) ? new BranchSum(output, terms, bias) : null;
    }

    private static bool Collect(Value value, int first, int count, List<Term> terms, ref Unknown? bias)
    {
        if (value.Producer is not { } node)
            return false;
        switch (node.OpType)
        {
            case "Add":
                return Collect(node.Input(0)!, first, count, terms, ref bias)
                    && Collect(node.Input(1)!, first, count, terms, ref bias);
            case var _ when Resampling.IsUp(node) || Resampling.IsDown(node) || CropsSpace(node):
                return Collect(node.Input(0)!, first, count, terms, ref bias);
            case "Split":
                var widths = node.Input(1)!.Initializer!.ToInt64s();
                return Collect(node.Input(0)!, first + (int)widths.Take(value.OutputIndex).Sum(), count, terms, ref bias);
            case var _ when node.IsConv() && node.Input(1)?.Initializer is not null:
                terms.Add(new Term(new Unknown(node.Input(1)!, first, count, false), node));
                if (node.Input(2) is { Initializer: not null } b)
                    bias = new Unknown(b, first, count, true);
                return true;
            default:
                return false;
        }
    }

    // The cut back to the image's size behind a last layer.
    private static bool CropsSpace(Node node) =>
        node.Is("Slice") && node.Input(3)?.Initializer?.ToInt64s().All(axis => axis is 2 or 3 or -1 or -2) == true;
}
