using MsSrConvert.GraphIR.Onnx.Wire;

namespace MsSrConvert.GraphIR.Onnx;

/// <summary>
/// A function holds the parts of a graph under other names: its inputs and outputs are bare names, and their types, where
/// known, stand among those of the other values.
/// </summary>
internal static class FunctionBody
{
    /// <summary>Moves the body out of a function.</summary>
    public static GraphProto FromFunction(FunctionProto function)
    {
        var graph = new GraphProto();
        graph.Node.AddRange(function.Node);
        graph.ValueInfo.AddRange(function.ValueInfo);
        graph.Input.AddRange(function.Input.Select(TakeInfo));
        graph.Output.AddRange(function.Output.Select(TakeInfo));
        function.Node.Clear();
        function.ValueInfo.Clear();
        function.Input.Clear();
        function.Output.Clear();
        return graph;

        ValueInfoProto TakeInfo(string name)
        {
            var info = graph.ValueInfo.FirstOrDefault(i => i.Name == name);
            if (info is not null)
                graph.ValueInfo.Remove(info);
            return info ?? new ValueInfoProto { Name = name };
        }
    }

    /// <summary>Moves a body into a function.</summary>
    public static void IntoFunction(GraphProto graph, FunctionProto function)
    {
        function.Node.AddRange(graph.Node);
        function.Input.AddRange(graph.Input.Select(i => i.Name));
        function.Output.AddRange(graph.Output.Select(o => o.Name));
        // A value that comes in and goes out has one entry; an entry that says nothing but the name is left out.
        var formal = graph.Input.Concat(graph.Output).DistinctBy(i => i.Name);
        function.ValueInfo.AddRange(formal.Where(i => !i.Equals(new ValueInfoProto { Name = i.Name })));
        function.ValueInfo.AddRange(graph.ValueInfo);
    }
}
