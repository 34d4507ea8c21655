using Google.Protobuf;
using Google.Protobuf.Collections;
using MsSrConvert.GraphIR.Onnx.Wire;

namespace MsSrConvert.GraphIR.Onnx;

/// <summary>
/// What a message holds beyond the IR. Reading takes out of a parsed message everything the IR models and keeps the rest as
/// bytes; writing starts from those bytes. A field that stands there but is empty stays in the rest, so that it survives.
/// </summary>
internal static class Leftover
{
    /// <summary>The rest of a message; empty when nothing is left.</summary>
    public static ReadOnlyMemory<byte> Keep(IMessage rest) => rest.CalculateSize() == 0 ? default : rest.ToByteArray();

    /// <summary>A message to write into, holding what <see cref="Keep"/> kept.</summary>
    public static T Start<T>(MessageParser<T> parser, ReadOnlyMemory<byte> preserved)
        where T : IMessage<T>, new() => preserved.IsEmpty ? new T() : parser.ParseFrom(preserved.Span);

    /// <summary>Takes the entries that are a key and a value and nothing else.</summary>
    public static void TakeMetadata(RepeatedField<StringStringEntryProto> from, List<KeyValuePair<string, string>> to)
    {
        if (from.Count == 0)
            return;
        to.AddRange(from.Where(IsPlain).Select(e => new KeyValuePair<string, string>(e.Key, e.Value)));
        Retain(from, e => !IsPlain(e));
    }

    /// <summary>Writes metadata entries.</summary>
    public static void PutMetadata(IEnumerable<KeyValuePair<string, string>> from, RepeatedField<StringStringEntryProto> to)
    {
        foreach (var (key, value) in from)
            to.Add(new StringStringEntryProto { Key = key, Value = value });
    }

    /// <summary>Takes the operator sets; of two entries for one domain the higher version counts, as ONNX has it.</summary>
    public static void TakeOpsets(RepeatedField<OperatorSetIdProto> from, OrderedDictionary<string, long> to)
    {
        foreach (var entry in from)
            to[entry.Domain] = to.TryGetValue(entry.Domain, out var other) ? Math.Max(other, entry.Version) : entry.Version;
        Retain(from, e => !Same(e, Fill(new OperatorSetIdProto(), e.Domain, e.Version)));
    }

    /// <summary>Writes the operator sets; entries that were kept give their form.</summary>
    public static void PutOpsets(OrderedDictionary<string, long> from, RepeatedField<OperatorSetIdProto> to)
    {
        var forms = to.ToArray();
        to.Clear();
        foreach (var (domain, version) in from)
            to.Add(Fill(Array.Find(forms, f => f.Domain == domain) ?? new OperatorSetIdProto(), domain, version));
    }

    /// <summary>
    /// True when two messages say the same and are encoded alike. The equality that messages come with doesn't tell an absent
    /// field from an empty one; the size does.
    /// </summary>
    public static bool Same<T>(T a, T b)
        where T : IMessage<T> => a.Equals(b) && a.CalculateSize() == b.CalculateSize();

    /// <summary>Drops all items but those that <paramref name="keep"/> wants.</summary>
    public static void Retain<T>(RepeatedField<T> items, Func<T, bool> keep)
    {
        var kept = items.Where(keep).ToArray();
        items.Clear();
        items.AddRange(kept);
    }

    private static OperatorSetIdProto Fill(OperatorSetIdProto entry, string domain, long version)
    {
        if (domain.Length > 0)
            entry.Domain = domain;
        entry.Version = version;
        return entry;
    }

    private static bool IsPlain(StringStringEntryProto entry) =>
        Same(entry, new StringStringEntryProto { Key = entry.Key, Value = entry.Value });
}
