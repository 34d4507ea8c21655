using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Tests.Support;

namespace MsSrConvert.Passes.Tests.Verify;

/// <summary>A converted network, and what training tools do to one.</summary>
internal static class Training
{
    /// <summary>head, a, relu, b, tail; all with bias.</summary>
    public static Model Source() => TinyGraphs.Between((net, x) => net.Conv(net.Relu(net.Conv(x, "a", 12, 3)), "b", 12, 3));

    public static Model Converted(int branches, Interaction interaction = Interaction.Adjacent) =>
        OrtRun.Reread(Source().Converted(new ConversionOptions { Branches = branches, Interaction = interaction }));

    /// <summary>
    /// Gives every reader of a shared weight a copy of its own; the first reader's is moved by 0, the second's by drift …
    /// </summary>
    public static void CopyWeights(Model model, float drift)
    {
        var (graph, made) = (model.Graph, 0);
        foreach (var weight in graph.Initializers.Where(v => v.Uses.Count > 1 && v.Uses.All(u => u.Node.Is("Conv"))).ToArray())
        {
            foreach (var (use, copy) in weight.Uses.ToArray().Select((use, copy) => (use, copy)))
            {
                var data = weight.Initializer!;
                float[] values = [.. data.ToFloats().Select(v => v + copy * drift)];
                use.Node.SetInput(use.Index, graph.AddInitializer($"param_{made++}", TensorData.Of(values, [.. data.Dims])));
            }

            graph.RemoveInitializer(weight);
        }
    }

    /// <summary>Writes node names another way.</summary>
    public static void Rename(Model model, string form, char separator)
    {
        foreach (var node in model.Graph.Nodes)
            node.Name = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, node.Name).Replace('/', separator);
    }
}
