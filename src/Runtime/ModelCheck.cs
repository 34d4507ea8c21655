using MsSrConvert.GraphIR;

namespace MsSrConvert.Runtime;

/// <summary>Loads a model into ONNX Runtime and runs it on seeded noise.</summary>
public static class ModelCheck
{
    private static readonly HashSet<string> KnownDomains =
        ["", "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview.training", "com.microsoft"];

    /// <summary>The first node whose operator neither ONNX Runtime nor the model's own functions define, or null.</summary>
    public static Node? FirstCustomOperator(Model model) => model.Graph.AllNodes.FirstOrDefault(node =>
        !KnownDomains.Contains(node.Domain) && !model.Functions.Any(f => f.Domain == node.Domain && f.Name == node.OpType));

    /// <summary>Holds a result's inputs and outputs against those of the model it was made from.</summary>
    /// <param name="result">The result.</param>
    /// <param name="name">How messages call it.</param>
    /// <param name="inputs">What the source must be given, in order, initializers left out.</param>
    /// <param name="outputs">What the source computes, in order.</param>
    /// <exception cref="MsSrException">They have other names or another order (MSSR5106).</exception>
    public static void RequireInterface(Model result, string name, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs)
    {
        Require("inputs", result.Graph.Inputs.Where(v => v.Initializer is null), inputs);
        Require("outputs", result.Graph.Outputs, outputs);

        void Require(string what, IEnumerable<Value> values, IReadOnlyList<string> wanted)
        {
            var found = values.Select(v => v.Name).ToArray();
            if (found.AsSpan().SequenceEqual([.. wanted]))
                return;
            throw new MsSrException(new Diagnostic("MSSR5106", Severity.Error,
                $"its {what} are {Listed(found)} where the source has {Listed(wanted)}.", name,
                "This is a mistake in the converter; please report it with the model."));
        }

        static string Listed(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"'{n}'"));
    }

    /// <summary>Runs a model file at several sizes.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="name">How messages call the model.</param>
    /// <param name="trials">
    /// Inputs' shapes by name for each size, and the shapes that must come out; others aren't compared.
    /// </param>
    /// <exception cref="MsSrException">As for one size.</exception>
    public static void Run(string path, string name,
        IEnumerable<(IReadOnlyDictionary<string, Shape> Inputs, IReadOnlyDictionary<string, Shape> Outputs)> trials)
    {
        using var session = OnnxSession.Open(path, new OnnxSessionOptions(), name);
        foreach (var (inputs, outputs) in trials)
            Run(session, name, inputs, outputs);
    }

    /// <summary>Runs a model held as bytes.</summary>
    /// <param name="model">The ONNX file's bytes.</param>
    /// <param name="name">How messages call the model.</param>
    /// <param name="inputShapes">Known shapes by input name; other inputs get the smallest shape they state.</param>
    /// <param name="outputShapes">The shapes that must come out, by output name; others aren't compared.</param>
    /// <exception cref="MsSrException">
    /// The model doesn't load or run (MSSR5001…), gives values that aren't finite (MSSR5102), or another shape (MSSR5103).
    /// </exception>
    public static void Run(
        byte[] model, string name, IReadOnlyDictionary<string, Shape> inputShapes,
            IReadOnlyDictionary<string, Shape> outputShapes)
    {
        using var session = OnnxSession.Open(model, name);
        Run(session, name, inputShapes, outputShapes);
    }

    /// <summary>Runs a model file, whatever shapes come out.</summary>
    /// <exception cref="MsSrException">
    /// As <see cref="Run(byte[], string, IReadOnlyDictionary{string, Shape}, IReadOnlyDictionary{string, Shape})"/>.
    /// </exception>
    public static void RunFile(string path, IReadOnlyDictionary<string, Shape> inputShapes)
    {
        using var session = OnnxSession.Open(path);
        Run(session, Path.GetFileName(path), inputShapes, new Dictionary<string, Shape>());
    }

    private static void Run(
        OnnxSession session, string name, IReadOnlyDictionary<string, Shape> inputShapes,
            IReadOnlyDictionary<string, Shape> outputShapes)
    {
        var inputs = session.Inputs.ToDictionary(i => i.Name, i => Input(i, inputShapes.GetValueOrDefault(i.Name)));
        foreach (var (output, tensor) in session.Run(inputs))
        {
            if (outputShapes.TryGetValue(output, out var wanted) && !wanted.ToArray().AsSpan().SequenceEqual(tensor.Dims))
            {
                throw new MsSrException(new Diagnostic("MSSR5103", Severity.Error,
                    $"its output '{output}' is {tensor} where the source gives {wanted}.", name,
                    "This is a mistake in the converter; please report it with the model."));
            }

            if (!tensor.IsFinite())
            {
                throw new MsSrException(new Diagnostic("MSSR5102", Severity.Error,
                    $"its output '{output}' has values that aren't finite.", name,
                    "Look at the source model's weights; --no-check writes the file regardless."));
            }
        }
    }

    private static Tensor Input(TensorInfo input, Shape? shape)
    {
        // What a scalar or a list stands for isn't known; ones are sound as factors, sizes and strengths alike.
        var low = input.Shape.Rank < 3 ? 1 : 0;
        return shape is null ? RandomInput.For(input, 1, 1, low: low) : RandomInput.Of(0, low, 1, shape.ToArray());
    }
}
