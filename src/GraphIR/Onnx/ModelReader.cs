using MsSrConvert.GraphIR.Onnx.Wire;

namespace MsSrConvert.GraphIR.Onnx;

/// <summary>Reads a parsed model into the IR.</summary>
/// <param name="file">The file's name, for messages.</param>
/// <param name="external">Where external data stands.</param>
internal sealed class ModelReader(string file, ExternalData external)
{
    private readonly TensorReader _tensors = new(external);

    /// <summary>Reads the model and takes it out of <paramref name="wire"/>.</summary>
    /// <exception cref="MsSrException">The model is incomplete (MSSR1008) or a part of it is broken.</exception>
    public Model Read(ModelProto wire)
    {
        if (wire.IrVersion <= 0)
            throw OnnxErrors.Incomplete(file, "states no version of the format");
        if (wire.Graph is null || (wire.Graph.Node.Count == 0 && wire.Graph.Output.Count == 0))
            throw OnnxErrors.Incomplete(file, "holds no graph");
        if (wire.OpsetImport.Count == 0)
            throw OnnxErrors.Incomplete(file, "imports no operator set");
        var model = new Model(GraphReader.Read(wire.Graph, wire.Graph.Name, _tensors, file))
        {
            IrVersion = wire.IrVersion,
            ProducerName = wire.ProducerName,
            ProducerVersion = wire.ProducerVersion,
            Domain = wire.Domain,
            ModelVersion = wire.ModelVersion,
            DocString = wire.DocString,
        };
        model.Functions.AddRange(wire.Functions.Select(ReadFunction));
        RequireOwnNames(model.Functions, file);
        RequireOneVersion(wire.OpsetImport, file);
        Leftover.TakeOpsets(wire.OpsetImport, model.OpsetImports);
        Leftover.TakeMetadata(wire.MetadataProps, model.Metadata);
        TakeModelFields(wire);
        model.Preserved = Leftover.Keep(wire);
        return model;
    }

    private static void TakeModelFields(ModelProto wire)
    {
        wire.ClearIrVersion();
        wire.Graph = null;
        wire.Functions.Clear();
        if (wire.ProducerName.Length > 0)
            wire.ClearProducerName();
        if (wire.ProducerVersion.Length > 0)
            wire.ClearProducerVersion();
        if (wire.Domain.Length > 0)
            wire.ClearDomain();
        if (wire.ModelVersion != 0)
            wire.ClearModelVersion();
        if (wire.DocString.Length > 0)
            wire.ClearDocString();
    }

    private Function ReadFunction(FunctionProto wire)
    {
        var where = $"{file}, function '{wire.Name}'";
        if (wire.Name.Length == 0)
            throw OnnxErrors.BadName(where, "A function has no name.");
        var body = GraphReader.Read(FunctionBody.FromFunction(wire), wire.Name, _tensors, where);
        var function = new Function(wire.Domain, wire.Name, body)
        {
            Overload = wire.Overload,
            DocString = wire.DocString,
        };
        function.Attributes.AddRange(wire.Attribute);
        foreach (var attribute in wire.AttributeProto)
        {
            var name = attribute.Name;
            if (!function.DefaultAttributes.TryAdd(name, GraphReader.ReadAttribute(attribute, _tensors, where)))
                throw OnnxErrors.Malformed(where, $"The function has two attributes named '{name}'.");
        }

        RequireOneVersion(wire.OpsetImport, where);
        Leftover.TakeOpsets(wire.OpsetImport, function.OpsetImports);
        Leftover.TakeMetadata(wire.MetadataProps, function.Metadata);
        TakeFunctionFields(wire);
        function.Preserved = Leftover.Keep(wire);
        return function;
    }

    private static void RequireOwnNames(IEnumerable<Function> functions, string file)
    {
        var keys = new HashSet<(string, string, string)>();
        foreach (var function in functions)
        {
            if (!keys.Add(function.Key))
                throw OnnxErrors.BadName(file, $"There are two functions '{function.Domain}::{function.Name}'.");
        }
    }

    // Readers differ in which of two versions they take: the first, the last or the highest.
    private static void RequireOneVersion(IEnumerable<OperatorSetIdProto> imports, string where)
    {
        var versions = imports.Where(o => o.Domain is "" or "ai.onnx").Select(o => o.Version).Distinct().ToArray();
        if (versions.Length > 1)
            throw OnnxErrors.ImportedTwice(where, versions);
    }

    private static void TakeFunctionFields(FunctionProto wire)
    {
        wire.ClearName();
        wire.Attribute.Clear();
        wire.AttributeProto.Clear();
        if (wire.Domain.Length > 0)
            wire.ClearDomain();
        if (wire.Overload.Length > 0)
            wire.ClearOverload();
        if (wire.DocString.Length > 0)
            wire.ClearDocString();
    }
}
