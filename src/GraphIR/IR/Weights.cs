namespace MsSrConvert.GraphIR;

/// <summary>Tells a network's weights, which training changes, from the constants of its architecture.</summary>
public static class Weights
{
    /// <summary>The weights of a graph, each once, in the order in which nodes read them.</summary>
    public static IEnumerable<Value> Of(Graph graph) => graph.Nodes.SelectMany(Of).Distinct();

    /// <summary>The weights a node reads, also through nodes that hand a tensor on with its elements unchanged.</summary>
    public static IEnumerable<Value> Of(Node node) => node.OpType switch
    {
        "Conv" or "ConvTranspose" or "PRelu" or "BatchNormalization" or "InstanceNormalization" or "LayerNormalization"
            or "GroupNormalization" or "Gemm" or "MatMul" => Constants(node, node.Is("MatMul") ? 0 : 1),
        // A tensor constant is a learned scale or shift; a single number is part of the architecture.
        "Add" or "Sub" or "Mul" or "Div" => Constants(node, 0).Where(v => v.Initializer!.Count > 1),
        _ => [],
    };

    private static IEnumerable<Value> Constants(Node node, int first) =>
        node.Inputs.Skip(first).Select(Origin).OfType<Value>().Where(v => v.Initializer!.Element.IsFloatingPoint());

    // Exporters hand one tensor on through nodes that don't change its elements; null where it is computed.
    private static Value? Origin(Value? value)
    {
        while (value is
            {
                Initializer: null,
                Producer: { OpType: "Identity" or "Unsqueeze" or "Squeeze" or "Reshape" or "Transpose" or "Cast" } carrier
            })
        {
            value = carrier.Input(0);
        }

        return value?.Initializer is null ? null : value;
    }
}
