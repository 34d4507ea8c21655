using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Operators;

namespace MsSrConvert.Runtime.Verification;

/// <summary>
/// Says by shape inference whether a model can run at an image size. ONNX Runtime must not be asked: where a value would be
/// empty, some of its kernels divide by zero and take the process with them.
/// </summary>
internal sealed class SizeGuard(Model model)
{
    private readonly Value? _input = model.Graph.Inputs.FirstOrDefault(v => v.Initializer is null);

    /// <summary>True when no window is larger than what it slides over and no value is empty, as far as can be told.</summary>
    public bool Allows(params long[] dims)
    {
        if (_input is null)
            return false;
        return Allows(new Dictionary<Value, Shape> { [_input] = Shape.Known(dims) });
    }

    /// <summary>The same for all inputs' dimensions, by name.</summary>
    public bool Allows(IReadOnlyDictionary<string, long[]> dims) =>
        Allows(model.Graph.Inputs.Where(v => dims.ContainsKey(v.Name)).ToDictionary(v => v, v => Shape.Known(dims[v.Name])));

    private bool Allows(Dictionary<Value, Shape> inputs)
    {
        var shapes = ShapeInference.Infer(model, inputs);
        return shapes.Conflicts.All(c => c.Kind == ConflictKind.Possible)
            && model.Graph.Nodes.SelectMany(n => n.Outputs).OfType<Value>().All(v => !IsEmpty(shapes.TypeOf(v)));
    }

    // Empty integer tensors are usual in the computation of shapes.
    private static bool IsEmpty(TensorType? type) =>
        type is { Shape: { } shape } && type.Element.IsFloatingPoint() && shape.Rank == 4
            && shape.Any(d => d.IsKnown && d.Value <= 0);
}
