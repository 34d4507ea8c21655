using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Normalize;

/// <summary>
/// Networks of convs without padding (SRCNN, waifu2x) shrink their feature maps by a few pixels at every conv, so that branches
/// of different scale would never meet. This pass gives such convs the pads that keep the size, lets every value carry a margin
/// of pixels that the source doesn't have, and cuts the margins off at the graph's outputs. Inside the margins nothing changes:
/// the outputs are exactly the source's.
/// </summary>
/// <param name="crops">What to defer.</param>
internal sealed class DeferCrops(DeferredCrops crops) : IPass
{
    /// <inheritdoc/>
    public string Name => "defer-crops";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var graph = model.Graph;
        if (crops.Pads.Count == 0)
            return new PassResult(0);
        foreach (var conv in graph.Nodes.Where(n => crops.Pads.ContainsKey(n.Name)))
        {
            conv.With("pads", crops.Pads[conv.Name]);
            conv.Attributes.Remove("auto_pad");
        }

        foreach (var slice in graph.Nodes.Where(n => crops.Slices.Contains(n.Name)).ToArray())
            Drop(graph, slice);
        foreach (var output in graph.Outputs.Distinct().Where(v => v.Producer is { } p && !crops.Slices.Contains(p.Name))
            .ToArray())
        {
            if (crops.Margins.TryGetValue(output.Name, out var margin))
                Crop(graph, output, margin);
        }

        // Declared sizes are those of the source.
        foreach (var value in graph.Nodes.SelectMany(n => n.Outputs).OfType<Value>().Where(v => !v.IsGraphOutput))
            value.Type = null;
        graph.SortTopologically();
        return new PassResult(crops.Pads.Count);
    }

    // What reads the slice goes on with the margin; where it is itself an output of the network it cuts all of the margin off.
    private void Drop(Graph graph, Node slice)
    {
        foreach (var use in slice.Output.Uses.ToArray())
            use.Node.SetInput(use.Index, slice.Input(0)!);
        if (!slice.Output.IsGraphOutput)
        {
            graph.Remove(slice);
            return;
        }

        var bounds = Bounds(graph, slice.Output, crops.Margins.GetValueOrDefault(slice.Output.Name));
        slice.TruncateInputs(1);
        for (var i = 0; i < bounds.Length; i++)
            slice.SetInput(i + 1, bounds[i]);
    }

    private static void Crop(Graph graph, Value output, Margin margin)
    {
        var whole = new Value($"{output.Name}/with_margin");
        var readers = output.Uses.ToArray();
        output.Producer!.SetOutput(output.OutputIndex, whole);
        foreach (var use in readers)
            use.Node.SetInput(use.Index, whole);
        graph.Add(
            new Node("Slice", [whole, .. Bounds(graph, output, margin)], [output],
                $"mssr/{output.Name.Replace('.', '_')}/cut_margin")
            { MadeFor = $"output '{output.Name}'" });
    }

    // Starts, ends and axes of a Slice that cuts a margin off.
    private static Value[] Bounds(Graph graph, Value output, Margin margin)
    {
        Value Integers(string what, params long[] values) =>
            graph.AddInitializer($"mssr/{output.Name}/margin_{what}", TensorData.Of(values, values.Length));

        var ends = new[] { margin.Bottom, margin.Right }.Select(m => m == 0 ? long.MaxValue : -m).ToArray();
        return [Integers("starts", margin.Top, margin.Left), Integers("ends", ends), Integers("axes", 2, 3)];
    }
}
