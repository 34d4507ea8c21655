using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Operators.Checking;

namespace MsSrConvert.Operators;

/// <summary>
/// Reads ONNX models and holds every node against its operator, so that later code may rely on operands and attributes.
/// </summary>
public static class ModelFile
{
    /// <summary>Reads a model; external data is opened when first asked for.</summary>
    /// <exception cref="MsSrException">The file is missing, or isn't an ONNX model that is whole (MSSR1xxx).</exception>
    public static Model Read(string path) => Checked(OnnxFile.Parse(path), path);

    /// <summary>Reads a model from a stream.</summary>
    /// <param name="stream">The model.</param>
    /// <param name="baseDirectory">The folder that external data locations are relative to; null where there are none.</param>
    /// <param name="name">What messages call the model.</param>
    /// <exception cref="MsSrException">The stream doesn't hold an ONNX model that is whole (MSSR1xxx).</exception>
    public static Model Read(Stream stream, string? baseDirectory = null, string name = "model") =>
        Checked(OnnxFile.Parse(stream, baseDirectory, name), name);

    /// <summary>Reads a model from bytes.</summary>
    /// <param name="bytes">The model.</param>
    /// <param name="baseDirectory">The folder that external data locations are relative to; null where there are none.</param>
    /// <param name="name">What messages call the model.</param>
    /// <exception cref="MsSrException">The bytes aren't an ONNX model that is whole (MSSR1xxx).</exception>
    public static Model Read(ReadOnlySpan<byte> bytes, string? baseDirectory = null, string name = "model") =>
        Checked(OnnxFile.Parse(bytes, baseDirectory, name), name);

    private static Model Checked(Model model, string name)
    {
        OperandCheck.Run(model, name);
        return model;
    }
}
