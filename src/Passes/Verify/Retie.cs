using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Method;
using MsSrConvert.Passes.Cleanup;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Verify;

/// <summary>Which value a weight gets whose copies differ.</summary>
public enum RetieMode
{
    /// <summary>The mean of all reads: a copy that two nodes read counts twice.</summary>
    Mean,
    /// <summary>That of the first node: the finest branch's.</summary>
    First,
}

/// <summary>Makes one initializer again of shared weights that a tool has copied.</summary>
public static class Retie
{
    /// <summary>
    /// Repairs every broken tie of a model that <see cref="ModelVerifier.Check"/> has looked at; gives how many there were.
    /// </summary>
    /// <exception cref="MsSrException">A tie's copies have different shapes or types (MSSR5008).</exception>
    public static int Run(Model model, IReadOnlyList<TieState> ties, RetieMode mode)
    {
        var broken = ties.Where(t => t.IsBroken).ToArray();
        if (broken.FirstOrDefault(t => !t.CanBeOne) is { } odd)
        {
            throw new MsSrException(new Diagnostic("MSSR5008", Severity.Error,
                $"its copies are {string.Join(" and ", odd.Copies.Select(c => $"'{c.Name}' {c.Type}"))}, which cannot be merged.",
                $"shared weight '{odd.Tie.Name}'"));
        }

        foreach (var tie in broken)
            Repair(model.Graph, tie, mode);
        new RemoveDeadNodes().Run(model, new PassContext());
        return broken.Length;
    }

    private static void Repair(Graph graph, TieState tie, RetieMode mode)
    {
        var data = mode == RetieMode.First ? tie.Copies[0].Initializer! : Mean(tie.Reads);
        // A tool may have given the recorded name to one of the copies, which goes away.
        if (tie.Copies.FirstOrDefault(c => c.Name == tie.Tie.Name) is { } old)
            old.Name = NameScope.OfGraph(graph).Unique($"{old.Name}/copy");
        var one = graph.AddInitializer(NameScope.OfGraph(graph).Unique(tie.Tie.Name), data);
        foreach (var read in tie.Reads)
            read.Reader.Node.SetInput(read.Reader.Index, one);
    }

    private static TensorData Mean(IReadOnlyList<WeightRead> reads)
    {
        var first = reads[0].Weight.Initializer!;
        var sum = new double[first.Count];
        foreach (var read in reads)
        {
            var values = read.Weight.Initializer!.ToFloats();
            for (var i = 0; i < sum.Length; i++)
                sum[i] += values[i];
        }

        return TensorData.OfFloating(first.Element, [.. sum.Select(v => (float)(v / reads.Count))], [.. first.Dims]);
    }
}
