using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Branching;

/// <summary>The marked Identity behind which branches split off a value that other readers still need in full.</summary>
internal static class SplitOffMark
{
    private const string Key = "mssr.split_off";

    /// <summary>Makes the mark: its input is full, its output may be branched.</summary>
    public static Node Make(Value full, Value branched, string name)
    {
        var node = new Node("Identity", [full], [branched], name);
        node.Metadata.Add(new(Key, ""));
        return node;
    }

    /// <summary>True for a node that <see cref="Make"/> made.</summary>
    public static bool Is(Node node) => node.Is("Identity") && node.Metadata.Any(m => m.Key == Key);
}
