using Microsoft.ML.OnnxRuntime;
using MsSrConvert.GraphIR;

namespace MsSrConvert.Runtime;

/// <summary>The declaration of a model's input or output.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Element">The element type.</param>
/// <param name="Shape">The dimensions as declared: numbers, symbols, unknown.</param>
public sealed record TensorInfo(string Name, ElementType Element, Shape Shape)
{
    internal static TensorInfo From(string name, NodeMetadata metadata)
    {
        if (!metadata.IsTensor)
            return new TensorInfo(name, ElementType.Undefined, new Shape());
        var symbols = metadata.SymbolicDimensions;
        var dims = metadata.Dimensions.Select((d, i) => d >= 0 ? Dim.Known(d) : Symbol(symbols, i));
        return new TensorInfo(name, (ElementType)(int)metadata.ElementDataType, new Shape(dims));
    }

    private static Dim Symbol(string[] symbols, int index) =>
        index < symbols.Length && symbols[index].Length > 0 ? Dim.Parse(symbols[index]) : Dim.Unknown;

    /// <summary><c>float[1, 3, height, width]</c>.</summary>
    public override string ToString() => $"{Element.ToString().ToLowerInvariant()}{Shape}";
}
