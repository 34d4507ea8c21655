using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Tests.Support;

/// <summary>Looks at the structure of converted layers in a graph, by following values and not by names of nodes.</summary>
internal static class LayerView
{
    /// <summary>One summand of a layer's output: a conv whose result is doubled a number of times.</summary>
    public sealed record Term(Node Conv, int Doublings)
    {
        public Value Kernel => Conv.Input(1)!;
    }

    /// <summary>The convs that add up to a value, each with the number of doublings between it and the value.</summary>
    public static List<Term> Terms(Value sum) => sum.Producer switch
    {
        { OpType: "Add" } add => [.. Terms(add.Input(0)!), .. Terms(add.Input(1)!)],
        { OpType: "Resize" } up when IsDoubling(up) =>
            Terms(up.Input(0)!).ConvertAll(t => t with { Doublings = t.Doublings + 1 }),
        { OpType: "Conv" or "ConvTranspose" } conv => [new Term(conv, 0)],
        var other => throw new InvalidOperationException($"{other} is no part of a sum of convs."),
    };

    /// <summary>How often a value is the other one halved; null where it doesn't come from it by halving alone.</summary>
    public static int? Halvings(Value from, Value to)
    {
        for (var count = 0; ; count++)
        {
            if (to == from)
                return count;
            if (to.Producer is not { } pool || !IsHalving(pool))
                return null;
            to = pool.Input(0)!;
        }
    }

    /// <summary>True for a mean of 2×2 pixels.</summary>
    public static bool IsHalving(Node node) => node.Is("AveragePool") && node.GetInts("kernel_shape") is [2, 2]
        && node.GetInts("strides") is [2, 2] && node.GetInts("pads") is [0, 0, 0, 0] && node.GetInt("ceil_mode", 1) == 0;

    /// <summary>True for a Resize that repeats every pixel 2×2.</summary>
    public static bool IsDoubling(Node node) => node.Is("Resize") && node.GetString("mode", "") == "nearest"
        && node.GetString("coordinate_transformation_mode", "") == "asymmetric" && node.GetString("nearest_mode", "") == "floor"
        && node.Input(2)?.Initializer?.ToFloats() is [1, 1, 2, 2];

    /// <summary>The initializer of that name.</summary>
    public static Value Initializer(this Model model, string name) => model.Graph.Initializers.Single(v => v.Name == name);

    /// <summary>The only node that reads an initializer.</summary>
    public static Node Reader(this Model model, string initializer) => model.Initializer(initializer).Uses.Single().Node;
}
