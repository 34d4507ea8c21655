using Google.Protobuf;
using MsSrConvert.GraphIR.Onnx.Wire;

namespace MsSrConvert.GraphIR.Onnx;

/// <summary>Reads and writes ONNX files.</summary>
public static class OnnxFile
{
    // A protobuf message must stay below 2 GB; the margin is for everything but the tensors.
    internal const long LargestEmbedded = int.MaxValue - (64L << 20);

    /// <summary>
    /// Reads a model's structure; external data is opened when first asked for. Nodes aren't held against their operators:
    /// <c>ModelFile.Read</c> of the operators' assembly does that too, and is what programs use.
    /// </summary>
    /// <exception cref="MsSrException">The file is missing or isn't a readable ONNX model (MSSR1xxx).</exception>
    public static Model Parse(string path) =>
        Parse(Load(path), path, ExternalData.Of(path));

    /// <summary>Reads a model's structure from a stream.</summary>
    /// <param name="stream">The model.</param>
    /// <param name="baseDirectory">The folder that external data locations are relative to; null where there are none.</param>
    /// <param name="name">What messages call the model.</param>
    /// <exception cref="MsSrException">The stream doesn't hold a readable ONNX model (MSSR1xxx).</exception>
    public static Model Parse(Stream stream, string? baseDirectory = null, string name = "model")
    {
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), baseDirectory, name);
    }

    /// <summary>Reads a model's structure from bytes.</summary>
    /// <param name="bytes">The model.</param>
    /// <param name="baseDirectory">The folder that external data locations are relative to; null where there are none.</param>
    /// <param name="name">What messages call the model.</param>
    /// <exception cref="MsSrException">The bytes aren't a readable ONNX model (MSSR1xxx).</exception>
    public static Model Parse(ReadOnlySpan<byte> bytes, string? baseDirectory = null, string name = "model") =>
        Parse(bytes, name, ExternalData.In(baseDirectory));

    private static Model Parse(ReadOnlySpan<byte> bytes, string name, ExternalData external)
    {
        if (bytes.IsEmpty)
            throw OnnxErrors.Empty(name);
        ModelProto wire;
        try
        {
            wire = ModelProto.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw ForeignFile.Explain(bytes, name, e);
        }

        if (wire.IrVersion <= 0 && ForeignFile.Recognise(bytes) is { } foreign)
            throw OnnxErrors.NotOnnx(name, foreign.What, foreign.Hint);
        return new ModelReader(name, external).Read(wire);
    }

    /// <summary>
    /// Writes a model beside <paramref name="path"/> and renames it. The model is one file, whatever it was read from, unless its
    /// tensors take close to 2 GB: then they go to a second file; see <see cref="StagedModel"/>, which can be tried before.
    /// </summary>
    /// <exception cref="MsSrException">
    /// The file can't be written (MSSR1014), or external data of the source is gone (MSSR1012).
    /// </exception>
    public static void Write(Model model, string path) => Write(model, path, LargestEmbedded);

    /// <summary>The model as bytes; deterministic.</summary>
    /// <exception cref="MsSrException">
    /// The model takes 2 GB or more (MSSR1016), or external data of the source is gone (MSSR1012).
    /// </exception>
    public static byte[] ToBytes(Model model)
    {
        var size = TensorBytes(model);
        if (size > LargestEmbedded)
            throw OnnxErrors.TooLarge("model", size);
        return new ModelWriter(null).Write(model).ToByteArray();
    }

    /// <summary>Writes a model; its tensors move to a data file above <paramref name="largestEmbedded"/> bytes.</summary>
    internal static void Write(Model model, string path, long largestEmbedded)
    {
        using var staged = StagedModel.Write(model, path, largestEmbedded);
        staged.Commit();
    }

    private static byte[] Load(string path)
    {
        if (Directory.Exists(path))
            throw OnnxErrors.IsFolder(path);
        if (!File.Exists(path))
            throw OnnxErrors.Missing(path);
        // A device may never end.
        if (FilePlace.WhatElse(path) is { } kind)
            throw OnnxErrors.NoFile(path, kind);
        try
        {
            var length = new FileInfo(path).Length;
            return length <= Array.MaxLength ? File.ReadAllBytes(path) : throw OnnxErrors.TooLarge(path, length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OnnxErrors.Unreadable(path, e);
        }
    }

    /// <summary>Bytes that a model's tensors take.</summary>
    internal static long TensorBytes(Model model) => model.Functions.Select(f => f.Body).Prepend(model.Graph).Sum(TensorBytes);

    private static long TensorBytes(Graph graph) =>
        graph.Initializers.Select(v => v.Initializer).OfType<TensorData>().Sum(Size)
        + graph.Nodes.SelectMany(n => n.Attributes.Values).Sum(a => a switch
        {
            TensorAttribute one => Size(one.Value),
            TensorsAttribute many => many.Values.Sum(Size),
            GraphAttribute one => TensorBytes(one.Value),
            GraphsAttribute many => many.Values.Sum(TensorBytes),
            _ => 0,
        });

    private static long Size(TensorData data) => data.Encoding == TensorEncoding.Sparse
        ? data.Preserved.Length
        : TensorReader.ByteCount(data.Element, data.Count) + (data.Strings?.Sum(s => (long)s.Length) ?? 0);
}
