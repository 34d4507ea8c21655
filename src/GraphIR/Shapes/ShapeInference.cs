namespace MsSrConvert.GraphIR.Shapes;

/// <summary>Infers element types and shapes of all values of a model, with symbolic dimensions.</summary>
public static class ShapeInference
{
    /// <summary>Infers without changing the model; graph inputs may be given other shapes than they declare.</summary>
    public static ShapeMap Infer(Model model, IReadOnlyDictionary<Value, Shape>? inputShapes = null) =>
        throw new NotImplementedException();

    /// <summary>Infers and writes the types to the model's values.</summary>
    public static ShapeMap Apply(Model model) => throw new NotImplementedException();
}

/// <summary>What <see cref="ShapeInference"/> found.</summary>
public sealed class ShapeMap
{
    /// <summary>The shape of a value, or null where the rank is unknown.</summary>
    public Shape? ShapeOf(Value value) => throw new NotImplementedException();

    /// <summary>The type of a value, or null.</summary>
    public TensorType? TypeOf(Value value) => throw new NotImplementedException();

    /// <summary>The elements of a small integer tensor (a shape, axes, pads) in row-major order, or null.</summary>
    public IReadOnlyList<Dim>? ContentOf(Value value) => throw new NotImplementedException();
}
