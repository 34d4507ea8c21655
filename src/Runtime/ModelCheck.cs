using MsSrConvert.GraphIR;

namespace MsSrConvert.Runtime;

/// <summary>Loads a model into ONNX Runtime and runs it once on seeded noise.</summary>
public static class ModelCheck
{
    /// <summary>Runs a model held as bytes.</summary>
    /// <param name="model">The ONNX file's bytes.</param>
    /// <param name="name">How messages call the model.</param>
    /// <param name="inputShapes">Known shapes by input name.</param>
    /// <exception cref="MsSrException">The model doesn't load or run (MSSR5001…), or gives values that aren't finite (MSSR5102).</exception>
    public static void Run(byte[] model, string name, IReadOnlyDictionary<string, Shape> inputShapes)
    {
        using var session = OnnxSession.Open(model, name);
        var inputs = session.Inputs.ToDictionary(i => i.Name, i => RandomInput.Of(0, 0, 1, inputShapes[i.Name].ToArray()));
        foreach (var (output, tensor) in session.Run(inputs))
        {
            if (!tensor.IsFinite())
            {
                throw new MsSrException(new Diagnostic("MSSR5102", Severity.Error,
                    $"its output '{output}' has values that aren't finite.", name, "Look at the source model's weights; --no-check writes the file regardless."));
            }
        }
    }
}
