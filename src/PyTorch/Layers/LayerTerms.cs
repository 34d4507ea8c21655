using MsSrConvert.GraphIR;
using MsSrConvert.Method;

namespace MsSrConvert.PyTorch.Layers;

/// <summary>One summand of a layer's output: a conv whose result is doubled some times.</summary>
internal readonly record struct LayerTerm(Node Conv, int Doubled);

/// <summary>
/// Takes the sum that a layer's branch is apart: doubling is linear, so that it reaches every summand below it.
/// </summary>
internal static class LayerTerms
{
    // A branch sums up at most one term per branch; what an odd file nests deeper isn't a layer.
    private const int Most = 16;

    /// <summary>The output of a branch: the last of the sums, named after the layer, that a conv's result goes into.</summary>
    public static Value Sum(Node conv, string source, int branch)
    {
        var value = conv.Output;
        while (value.Uses is [{ Node: var add }] && !value.IsGraphOutput && add.Is("Add")
            && IsPart(add, source, PartKind.Sum.On(branch)))
        {
            value = add.Output;
        }

        return value;

        static bool IsPart(Node node, string source, LayerPart part) =>
            PartName.TryParse(node.Name, out var name) && name.Source == source && name.Part == part;
    }

    /// <summary>The summands of a value; null where anything but convs, sums and doublings of the layer stands in it.</summary>
    public static IReadOnlyList<LayerTerm>? Of(Value sum, string source)
    {
        var terms = new List<LayerTerm>();
        var work = new Stack<(Value Value, int Doubled)>([(sum, 0)]);
        while (work.TryPop(out var at))
        {
            if (terms.Count + work.Count > Most || at.Value.Producer is not { } node
                || !PartName.TryParse(node.Name, out var name) || name.Source != source)
            {
                return null;
            }

            if (node.Is("Add"))
            {
                work.Push((node.Input(0)!, at.Doubled));
                work.Push((node.Input(1)!, at.Doubled));
            }
            else if (Resampling.IsUp(node))
            {
                work.Push((node.Input(0)!, at.Doubled + 1));
            }
            else if (node.Is("Conv"))
            {
                terms.Add(new LayerTerm(node, at.Doubled));
            }
            else
            {
                return null;
            }
        }

        return terms;
    }

    /// <summary>True where a value is another one halved so many times.</summary>
    public static bool IsHalved(Value value, Value whole, int times)
    {
        var at = value;
        for (; times > 0 && Resampling.IsDown(at.Producer); times--)
            at = at.Producer!.Input(0)!;
        return times == 0 && at == whole;
    }
}
