using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using MsSrConvert.GraphIR.Onnx.Wire;

namespace MsSrConvert.Fuzz.Mutations;

/// <summary>Changes of single fields of a file, whatever they mean; the fields are found by protobuf's reflection.</summary>
internal static class FieldMutation
{
    private static readonly long[] Numbers =
        [0, 1, -1, 2, 3, 4, 7, 16, 255, 1000, 65536, int.MaxValue, int.MinValue, 1L << 40, long.MaxValue, long.MinValue];

    private static readonly double[] Reals = [0, 1, -1, 0.5, 2, 1e-30, 1e30, double.NaN, double.PositiveInfinity, 3e9];

    /// <summary>Changes one field, and says which.</summary>
    public static string Apply(ModelProto model, Random random)
    {
        var messages = new List<IMessage>();
        Collect(model, messages);
        // By kind first: else nearly all would be tensors and dimensions.
        var kinds = messages.GroupBy(m => m.Descriptor.Name).ToArray();
        var message = Pick(Pick(kinds, random).ToArray(), random);
        var field = Pick(message.Descriptor.Fields.InDeclarationOrder().Where(f => IsSet(message, f) || random.Next(12) == 0)
            .DefaultIfEmpty(message.Descriptor.Fields.InDeclarationOrder()[0]).ToArray(), random);
        var what = field.IsRepeated
            ? ChangeList((IList)field.Accessor.GetValue(message), field, messages, random)
            : ChangeOne(message, field, messages, random);
        return $"{message.Descriptor.Name}.{field.Name} {what}";
    }

    private static void Collect(IMessage message, List<IMessage> into)
    {
        into.Add(message);
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder().Where(f => f.FieldType == FieldType.Message))
        {
            if (field.IsRepeated)
            {
                foreach (IMessage inner in (IList)field.Accessor.GetValue(message))
                    Collect(inner, into);
            }
            else if (field.Accessor.GetValue(message) is IMessage inner)
            {
                Collect(inner, into);
            }
        }
    }

    private static bool IsSet(IMessage message, FieldDescriptor field) => field.IsRepeated
        ? ((IList)field.Accessor.GetValue(message)).Count > 0
        : field.FieldType == FieldType.Message
            ? field.Accessor.GetValue(message) is not null
            : field.Accessor.HasValue(message);

    private static string ChangeOne(IMessage message, FieldDescriptor field, List<IMessage> messages, Random random)
    {
        if (random.Next(6) == 0)
        {
            field.Accessor.Clear(message);
            return "cleared";
        }

        var old = field.Accessor.GetValue(message);
        var changed = Changed(old, field, messages, random);
        if (changed is null)
            return "left";
        field.Accessor.SetValue(message, changed);
        return field.FieldType is FieldType.Message or FieldType.Bytes ? "replaced" : $"{old} -> {changed}";
    }

    private static string ChangeList(IList list, FieldDescriptor field, List<IMessage> messages, Random random)
    {
        var at = random.Next(Math.Max(1, list.Count));
        switch (random.Next(7))
        {
            case 0 when list.Count > 0:
                list.RemoveAt(at);
                return $"[{at}] dropped";
            case 1 when list.Count > 0:
                list.Insert(at, Copy(list[at]!));
                return $"[{at}] doubled";
            case 2 when list.Count > 1:
                var other = random.Next(list.Count);
                (list[at], list[other]) = (list[other], list[at]);
                return $"[{at}] and [{other}] swapped";
            case 3 when list.Count > 0 && random.Next(4) == 0:
                list.Clear();
                return "emptied";
            case 4 when Changed(Default(field), field, messages, random) is { } added:
                list.Insert(at, added);
                return $"[{at}] added";
            case > 4 when list.Count > 0 && Changed(list[at], field, messages, random) is { } changed:
                var old = list[at];
                list[at] = changed;
                return field.FieldType == FieldType.Message ? $"[{at}] replaced" : $"[{at}] {old} -> {changed}";
            default:
                return "left";
        }
    }

    private static object? Default(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Int64 => 1L,
        FieldType.Int32 => 1,
        FieldType.UInt64 => 1UL,
        FieldType.Float => 1f,
        FieldType.Double => 1.0,
        FieldType.String => "",
        FieldType.Bytes => ByteString.Empty,
        _ => null,
    };

    private static object? Changed(object? old, FieldDescriptor field, List<IMessage> messages, Random random)
    {
        return (field.FieldType, old) switch
        {
            (FieldType.Int64, long n) => Number(n, random),
            (FieldType.Int32, int n) => unchecked((int)Number(n, random)),
            (FieldType.UInt64, ulong n) => unchecked((ulong)Number((long)n, random)),
            (FieldType.Float, float x) => (float)Real(x, random),
            (FieldType.Double, double x) => Real(x, random),
            (FieldType.String, string s) => Text(s, messages, random),
            (FieldType.Bytes, ByteString b) => ByteString.CopyFrom(ByteMutation.Apply(b.ToByteArray(), random, 1)),
            (FieldType.Enum, not null) => Enum.ToObject(old.GetType(), random.Next(28)),
            (FieldType.Message, _) => messages.Where(m => m.Descriptor == field.MessageType).ToArray() is { Length: > 0 } same
                ? Copy(Pick(same, random)) : null,
            _ => null,
        };
    }

    private static object Copy(object value) => value is IMessage message
        ? message.Descriptor.Parser.ParseFrom(message.ToByteArray()) : value;

    private static long Number(long old, Random random) => random.Next(5) switch
    {
        0 => unchecked(old + 1),
        1 => unchecked(old - 1),
        2 => unchecked(random.Next(2) == 0 ? -old : old * 2),
        3 => random.Next(12),
        _ => Pick(Numbers, random),
    };

    private static double Real(double old, Random random) => random.Next(3) switch
    {
        0 => -old,
        1 => old * (1 + random.NextDouble()),
        _ => Pick(Reals, random),
    };

    private static string Text(string old, List<IMessage> messages, Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                return "";
            case 1:
                return Pick(["NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID", "ai.onnx", "CRD", "reflect", "ä\0"], random);
            case 2:
                return old + "x";
            default:
                var names = messages.OfType<NodeProto>()
                    .SelectMany(n => n.Input.Concat(n.Output).Append(n.OpType).Append(n.Name)
                        .Concat(n.Attribute.Select(a => a.Name))).ToArray();
                return names.Length == 0 ? old : Pick(names, random);
        }
    }

    private static T Pick<T>(IReadOnlyList<T> list, Random random) => list[random.Next(list.Count)];
}
