using Google.Protobuf;
using MsSrConvert.GraphIR.Onnx.Wire;

namespace MsSrConvert.Fuzz.Mutations;

/// <summary>A model with something changed in it; the same for one seed, number and list of models wherever it is made.</summary>
/// <param name="Model">What it was made from.</param>
/// <param name="Changes">What was done.</param>
/// <param name="Bytes">The file's bytes.</param>
internal sealed record Mutant(string Model, string Changes, byte[] Bytes)
{
    private const int MostChanges = 4;

    // Shares of a hundred; the rest are changes of networks.
    private const int ByteShare = 8;
    private const int FieldShare = 46;

    /// <summary>Makes a mutant.</summary>
    /// <param name="models">What to make mutants from.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="number">Which of the run's mutants.</param>
    public static Mutant Make(IReadOnlyList<SeedModel> models, int seed, int number)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        var model = models[random.Next(models.Count)];
        var kind = random.Next(100);
        var times = 1 + random.Next(MostChanges);
        if (kind < ByteShare)
            return new Mutant(model.Name, "bytes", ByteMutation.Apply(model.Bytes, random, times));
        var wire = ModelProto.Parser.ParseFrom(model.Bytes);
        var changes = new List<string>();
        for (var i = 0; i < times; i++)
        {
            changes.Add(kind < ByteShare + FieldShare
                ? FieldMutation.Apply(wire, random)
                : NetworkMutation.Apply(wire, random));
        }

        return new Mutant(model.Name, string.Join("; ", changes), wire.ToByteArray());
    }
}
