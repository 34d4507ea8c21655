using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>What several operators ask of a node.</summary>
internal static class NodeFacts
{
    /// <summary>A constant list of integers at an input.</summary>
    /// <exception cref="NotInPyTorchException">The input is computed.</exception>
    public static long[] Constants(this Node node, int index, ForwardWriter code) =>
        code.Sizes.Of(node.Input(index))?.Select(s => s.Constant).ToArray() is { } values && !Array.Exists(values, v => v is null)
            ? Array.ConvertAll(values, v => v!.Value)
            : throw new NotInPyTorchException($"its input {ForwardWriter.Text(index + 1)} isn't a constant list of integers");

    /// <summary>
    /// The axes that an attribute or, in newer operator sets, an input lists; counted from the front. Null where neither does.
    /// </summary>
    public static long[]? Axes(this Node node, int index, int rank, ForwardWriter code)
    {
        var axes = node.GetInts("axes")?.ToArray() ?? (node.Input(index) is null ? null : node.Constants(index, code));
        return axes is null ? null : Array.ConvertAll(axes, a => Axis(a, rank));
    }

    /// <summary>An axis counted from the front.</summary>
    public static long Axis(long axis, int rank) => axis < 0 ? axis + rank : axis;

    /// <summary>Refuses nodes whose pads aren't numbers.</summary>
    public static void RequireExplicitPads(this Node node)
    {
        if (node.GetString("auto_pad", "NOTSET") is var auto and not ("NOTSET" or "VALID"))
            throw new NotInPyTorchException($"its pads are left to the runtime (auto_pad {auto})");
    }

    /// <summary>The number of spatial axes of a kernel: 1, 2 or 3.</summary>
    public static int SpatialRank(this Node node, ForwardWriter code) =>
        code.Shape(node.Input(0)!).Rank - 2 is var rank and >= 1
            and <= 3 ? rank : throw new NotInPyTorchException("its input isn't N,C and one to three dimensions");

    /// <summary>Pads at the beginnings and ends of the spatial axes as one number per axis; null where they differ.</summary>
    public static long[]? SymmetricPads(IReadOnlyList<long> pads)
    {
        var half = pads.Count / 2;
        return pads.Take(half).SequenceEqual(pads.Skip(half)) ? [.. pads.Take(half)] : null;
    }

    /// <summary>ONNX pads, all beginnings then all ends, in PyTorch's order: beginning and end of the last axis first.</summary>
    public static IEnumerable<T> TorchPads<T>(IReadOnlyList<T> pads)
    {
        var half = pads.Count / 2;
        for (var axis = half - 1; axis >= 0; axis--)
        {
            yield return pads[axis];
            yield return pads[axis + half];
        }
    }

    /// <summary>Keyword arguments without those that have their default.</summary>
    public static string Keywords(params IEnumerable<(string Name, string Value, string Default)> arguments) =>
        string.Concat(arguments.Where(a => a.Value != a.Default).Select(a => $", {a.Name}={a.Value}"));
}
