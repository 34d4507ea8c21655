using MsSrConvert.GraphIR;
using MsSrConvert.PyTorch.Code;

namespace MsSrConvert.PyTorch;

/// <summary>The names that a graph's floating-point constants have in the PyTorch module; the same for the same graph.</summary>
internal static class ParameterNames
{
    /// <summary>The names by initializer: <c>body.0.weight/same</c> is called <c>body_0_weight_same</c>.</summary>
    public static IReadOnlyDictionary<Value, string> Of(Graph graph)
    {
        var names = new PythonNames();
        return graph.Initializers.Where(v => v.Initializer!.Element.IsFloatingPoint()).ToDictionary(v => v,
            v => names.Unique(v.Name));
    }
}
