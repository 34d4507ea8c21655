using MsSrConvert.GraphIR;
using static TorchSharp.torch;

namespace MsSrConvert.Training.Execution;

/// <summary>
/// A network's weights as one long vector with a view for every initializer: an initializer that several nodes read is one view,
/// so its gradient is the sum over its uses, and an optimiser's step is a handful of operations on the vector.
/// </summary>
public sealed class FlatWeights : IDisposable
{
    private readonly Dictionary<Value, Tensor> _views = [];

    private FlatWeights(IReadOnlyList<Value> values, Tensor vector, bool trained)
    {
        Values = values;
        Vector = vector.DetachFromDisposeScope();
        Gradient = trained ? zeros_like(vector).DetachFromDisposeScope() : null;
        var at = 0L;
        foreach (var value in values)
        {
            var data = value.Initializer!;
            var view = View(Vector, at, data).detach().DetachFromDisposeScope();
            if (Gradient is not null)
            {
                view.requires_grad_(true);
                view.grad = View(Gradient, at, data);
            }

            _views.Add(value, view);
            at += data.Count;
        }
    }

    /// <summary>The initializers, in the vector's order.</summary>
    public IReadOnlyList<Value> Values { get; }

    /// <summary>All weights one behind the other, 32-bit floats.</summary>
    public Tensor Vector { get; }

    /// <summary>The gradients in the same order, which backward passes add to; null where none are wanted.</summary>
    public Tensor? Gradient { get; }

    /// <summary>The tensor of an initializer; it shares the vector's memory.</summary>
    public Tensor this[Value value] => _views[value];

    /// <summary>True for an initializer that is trained.</summary>
    public bool Contains(Value value) => _views.ContainsKey(value);

    /// <summary>The weights that the initializers hold.</summary>
    /// <param name="values">The initializers.</param>
    /// <param name="device">Where the vector lies.</param>
    /// <param name="trained">True where gradients are wanted.</param>
    public static FlatWeights Of(IReadOnlyList<Value> values, Device device, bool trained)
    {
        using var scope = NewDisposeScope();
        var vector = values.Count == 0
            ? zeros(0, device: device) : cat([.. values.Select(v => tensor(v.Initializer!.ToFloats()))]).to(device);
        return new FlatWeights(values, vector, trained);
    }

    /// <summary>Weights of the same network with the same numbers, without gradients.</summary>
    public FlatWeights Copy()
    {
        using var scope = NewDisposeScope();
        return new FlatWeights(Values, Vector.clone(), trained: false);
    }

    /// <summary>The weights' numbers.</summary>
    public float[] ToArray() => Numbers(Vector);

    /// <summary>A vector's numbers.</summary>
    public static float[] Numbers(Tensor vector)
    {
        using var scope = NewDisposeScope();
        return vector.cpu().data<float>().ToArray();
    }

    /// <summary>Gives a vector other numbers.</summary>
    public static void Set(Tensor vector, float[] numbers)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        vector.copy_(tensor(numbers));
    }

    /// <summary>
    /// Writes numbers into the initializers of a graph that this vector's were made of, in the element types they have there.
    /// </summary>
    public static void Store(Graph graph, IReadOnlyList<Value> values, ReadOnlySpan<float> numbers)
    {
        foreach (var value in values)
        {
            var data = value.Initializer!;
            graph.SetInitializer(value, TensorData.OfFloating(data.Element, numbers[..(int)data.Count], [.. data.Dims]));
            numbers = numbers[(int)data.Count..];
        }
    }

    private static Tensor View(Tensor vector, long at, TensorData data)
    {
        using var part = vector.narrow(0, at, data.Count);
        return part.view([.. data.Dims]);
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        foreach (var view in _views.Values)
            view.Dispose();
        Gradient?.Dispose();
        Vector.Dispose();
    }
}
