using MsSrConvert.GraphIR;

namespace MsSrConvert.Method;

/// <summary>A conv's kernel or bias, looked up through nodes that hand a tensor on unchanged.</summary>
/// <param name="Reader">Where the initializer itself is read: the conv, or a Cast in front of it.</param>
/// <param name="Weight">The initializer.</param>
public readonly record struct WeightRead(Use Reader, Value Weight)
{
    /// <summary>The input that holds a conv's kernel.</summary>
    internal const int Kernel = 1;

    /// <summary>The input that holds a conv's bias.</summary>
    internal const int Bias = 2;

    /// <summary>The initializer behind an input, or null where the input is absent or computed.</summary>
    internal static WeightRead? Of(Node conv, int input)
    {
        var (use, value) = (new Use(conv, input), conv.Input(input));
        while (value is { Initializer: null, Producer: { } carrier } && (carrier.Is("Identity") || carrier.Is("Cast")))
        {
            // A Cast stays in front of the conv; an Identity can be left out.
            if (carrier.Is("Cast"))
                use = new Use(carrier, 0);
            value = carrier.Input(0);
        }

        return value?.Initializer is null ? null : new WeightRead(use, value);
    }
}
