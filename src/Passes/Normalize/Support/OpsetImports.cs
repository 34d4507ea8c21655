using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Normalize.Support;

/// <summary>The operator sets that a model imports.</summary>
internal static class OpsetImports
{
    /// <summary>Drops those of the given domains that no node uses; ONNX's own stays.</summary>
    public static void DropUnused(Model model, params IEnumerable<string> domains)
    {
        var used = model.Graph.AllNodes.Select(n => n.Domain).Concat(["", "ai.onnx"]).ToHashSet();
        foreach (var domain in domains.Where(d => !used.Contains(d)))
            model.OpsetImports.Remove(domain);
    }
}
