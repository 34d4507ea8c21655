using MsSrConvert.GraphIR.Onnx.Wire;

namespace MsSrConvert.GraphIR.Onnx;

/// <summary>Turns the IR into its wire form. The same model gives the same messages in the same order.</summary>
internal sealed class ModelWriter
{
    private readonly TensorWriter _tensors;
    private readonly AttributeWriter _attributes;

    /// <summary>Makes a writer that puts large tensors into <paramref name="external"/> where one is given.</summary>
    public ModelWriter(ExternalDataWriter? external)
    {
        _tensors = new TensorWriter(external);
        _attributes = new AttributeWriter(_tensors, WriteGraph);
    }

    /// <summary>The wire form of a model.</summary>
    public ModelProto Write(Model model)
    {
        var wire = Leftover.Start(ModelProto.Parser, model.Preserved);
        wire.IrVersion = model.IrVersion;
        if (model.ProducerName.Length > 0)
            wire.ProducerName = model.ProducerName;
        if (model.ProducerVersion.Length > 0)
            wire.ProducerVersion = model.ProducerVersion;
        if (model.Domain.Length > 0)
            wire.Domain = model.Domain;
        if (model.ModelVersion != 0)
            wire.ModelVersion = model.ModelVersion;
        if (model.DocString.Length > 0)
            wire.DocString = model.DocString;
        wire.Graph = WriteGraph(model.Graph);
        wire.Functions.AddRange(model.Functions.Select(WriteFunction));
        Leftover.PutOpsets(model.OpsetImports, wire.OpsetImport);
        Leftover.PutMetadata(model.Metadata, wire.MetadataProps);
        return wire;
    }

    private FunctionProto WriteFunction(Function function)
    {
        var wire = Leftover.Start(FunctionProto.Parser, function.Preserved);
        wire.Name = function.Name;
        if (function.Domain.Length > 0)
            wire.Domain = function.Domain;
        if (function.Overload.Length > 0)
            wire.Overload = function.Overload;
        if (function.DocString.Length > 0)
            wire.DocString = function.DocString;
        wire.Attribute.AddRange(function.Attributes);
        foreach (var (name, value) in function.DefaultAttributes)
            wire.AttributeProto.Add(_attributes.Write(name, value));
        FunctionBody.IntoFunction(WriteGraph(function.Body), wire);
        Leftover.PutOpsets(function.OpsetImports, wire.OpsetImport);
        Leftover.PutMetadata(function.Metadata, wire.MetadataProps);
        return wire;
    }

    private GraphProto WriteGraph(Graph graph)
    {
        var wire = Leftover.Start(GraphProto.Parser, graph.Preserved);
        if (graph.Name.Length > 0)
            wire.Name = graph.Name;
        if (graph.DocString.Length > 0)
            wire.DocString = graph.DocString;
        Leftover.PutMetadata(graph.Metadata, wire.MetadataProps);
        wire.Node.AddRange(graph.Nodes.Select(WriteNode));
        wire.Input.AddRange(graph.Inputs.Select(TypeCodec.WriteDeclaration));
        wire.Output.AddRange(graph.Outputs.Select(TypeCodec.WriteDeclaration));
        foreach (var value in graph.Initializers)
        {
            if (value.Initializer is { Encoding: TensorEncoding.Sparse } sparse)
                wire.SparseInitializer.Add(SparseTensors.Write(sparse, value.Name));
            else if (value.Initializer is { } dense)
                wire.Initializer.Add(_tensors.Write(dense, value.Name));
        }

        WriteValueInfos(graph, wire);
        return wire;
    }

    // Entries that were only carried along are dropped where they would contradict what the graph now says.
    private static void WriteValueInfos(Graph graph, GraphProto wire)
    {
        if (wire.ValueInfo.Count > 0)
        {
            var byName = graph.Values.DistinctBy(v => v.Name).ToDictionary(v => v.Name);
            Leftover.Retain(wire.ValueInfo, info =>
                info.Type is null
                || !byName.TryGetValue(info.Name, out var value)
                || Equals(TypeCodec.Read(info.Type), value.Type));
        }

        wire.ValueInfo.AddRange(graph.Values.Where(IsDeclaredApart).Select(TypeCodec.WriteDeclaration));
    }

    private static bool IsDeclaredApart(Value value)
    {
        if (value.IsGraphInput || value.IsGraphOutput)
            return false;
        var typed = value.Type is not null && value.Initializer is null;
        return typed || value.DocString.Length > 0 || !value.Preserved.IsEmpty;
    }

    private NodeProto WriteNode(Node node)
    {
        var wire = Leftover.Start(NodeProto.Parser, node.Preserved);
        wire.Input.AddRange(node.Inputs.Select(v => v?.Name ?? ""));
        wire.Output.AddRange(node.Outputs.Select(v => v?.Name ?? ""));
        if (node.Name.Length > 0)
            wire.Name = node.Name;
        wire.OpType = node.OpType;
        if (node.Domain.Length > 0)
            wire.Domain = node.Domain;
        if (node.Overload.Length > 0)
            wire.Overload = node.Overload;
        if (node.DocString.Length > 0)
            wire.DocString = node.DocString;
        foreach (var (name, value) in node.Attributes)
            wire.Attribute.Add(_attributes.Write(name, value));
        Leftover.PutMetadata(node.Metadata, wire.MetadataProps);
        return wire;
    }
}
