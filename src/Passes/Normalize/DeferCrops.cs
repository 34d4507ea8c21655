using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Normalize;

/// <summary>
/// Networks of convs without padding (SRCNN, waifu2x) shrink their feature maps by a few pixels at every conv, so that branches of
/// different scale would never meet. This pass gives such convs the pads that keep the size, lets every value carry a margin of
/// pixels that the source doesn't have, and cuts the margins off at the graph's outputs. Inside the margins nothing changes: the
/// outputs are exactly the source's. All or nothing: where a margin meets an operator that can't carry it, the graph stays.
/// </summary>
public sealed class DeferCrops : IPass
{
    /// <inheritdoc/>
    public string Name => "defer-crops";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var graph = model.Graph;
        if (MarginAnalysis.Run(graph) is not { } analysis || analysis.NewPads.Count == 0)
            return new PassResult(0);
        foreach (var (conv, pads) in analysis.NewPads)
        {
            conv.With("pads", pads);
            conv.Attributes.Remove("auto_pad");
        }

        foreach (var slice in analysis.DroppedSlices)
        {
            slice.Output.ReplaceAllUsesWith(slice.Input(0)!);
            graph.Remove(slice);
        }

        foreach (var output in graph.Outputs.Distinct().ToArray())
        {
            if (analysis.Margins.TryGetValue(output, out var margin) && !margin.IsZero)
                Crop(graph, output, margin);
        }

        // Declared sizes are those of the source.
        foreach (var value in graph.Nodes.SelectMany(n => n.Outputs).OfType<Value>().Where(v => !v.IsGraphOutput))
            value.Type = null;
        graph.SortTopologically();
        return new PassResult(analysis.NewPads.Count);
    }

    private static void Crop(Graph graph, Value output, Margin margin)
    {
        var whole = new Value($"{output.Name}/with_margin");
        var readers = output.Uses.ToArray();
        output.Producer!.SetOutput(output.OutputIndex, whole);
        foreach (var use in readers)
            use.Node.SetInput(use.Index, whole);
        Value Integers(string what, params long[] values) =>
            graph.AddInitializer($"mssr/{output.Name}/margin_{what}", TensorData.Of(values, values.Length));

        var ends = new[] { margin.Bottom, margin.Right }.Select(m => m == 0 ? long.MaxValue : -m).ToArray();
        graph.Add(new Node("Slice", [whole, Integers("starts", margin.Top, margin.Left), Integers("ends", ends), Integers("axes", 2, 3)],
            [output], $"mssr/{output.Name.Replace('.', '_')}/cut_margin")
        { MadeFor = $"output '{output.Name}'" });
    }
}
