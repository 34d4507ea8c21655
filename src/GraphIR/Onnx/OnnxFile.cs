namespace MsSrConvert.GraphIR.Onnx;

/// <summary>Reads and writes ONNX files.</summary>
public static class OnnxFile
{
    /// <summary>Reads a model; external data is opened when first asked for.</summary>
    /// <exception cref="MsSrException">The file is missing or isn't a readable ONNX model (MSSR1xxx).</exception>
    public static Model Read(string path) => throw new NotImplementedException();

    /// <summary>Writes a model to a temporary file beside <paramref name="path"/> and renames it.</summary>
    /// <exception cref="MsSrException">The file can't be written (MSSR1xxx).</exception>
    public static void Write(Model model, string path) => throw new NotImplementedException();

    /// <summary>The model as bytes; deterministic.</summary>
    public static byte[] ToBytes(Model model) => throw new NotImplementedException();
}
