using MsSrConvert.GraphIR;

namespace MsSrConvert.Runtime.Verification;

/// <summary>Measures how far apart two forms of a network are: both are run on the same seeded noise.</summary>
public static class OutputDifference
{
    private static readonly int[] Sides = [64, 96, 192];

    /// <summary>The largest difference of any output element, as a share of that output's range in the reference.</summary>
    /// <param name="reference">The bytes of the model as it was.</param>
    /// <param name="model">The bytes of the rewritten model; its inputs and outputs have the same names.</param>
    /// <param name="name">How messages call the rewritten model.</param>
    /// <exception cref="MsSrException">A model doesn't load (MSSR5001) or runs at no size tried (MSSR5002).</exception>
    public static double Largest(byte[] reference, byte[] model, string name)
    {
        using var before = OnnxSession.Open(reference, name);
        using var after = OnnxSession.Open(model, name);
        foreach (var side in Sides[..^1])
        {
            try
            {
                return At(before, after, side);
            }
            catch (MsSrException e) when (e.Diagnostic.Id == "MSSR5002")
            {
                // Networks that pool over wide windows refuse small pictures.
            }
        }

        return At(before, after, Sides[^1]);
    }

    /// <summary>The same for two tensors; infinite where the dimensions differ.</summary>
    public static double Relative(Tensor reference, Tensor actual)
    {
        var range = (double)reference.Data.Max() - reference.Data.Min();
        var difference = reference.MaxDifference(actual);
        return difference == 0 ? 0 : difference / range;
    }

    private static double At(OnnxSession before, OnnxSession after, int side)
    {
        var inputs = before.Inputs.ToDictionary(i => i.Name, i => RandomInput.For(i, side, side, seed: 5, low: i.Shape.Rank < 3 ? 1 : 0));
        var expected = before.Run(inputs);
        var actual = after.Run(inputs);
        return expected.Max(o => Relative(o.Value, actual[o.Key]));
    }
}
