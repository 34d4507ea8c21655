using System.Globalization;
using System.Text;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;

namespace MsSrConvert.Passes.Cleanup;

/// <summary>
/// Spells nodes as text so that two nodes with equal text compute the same: same operator, same attributes, and for inputs the
/// same <see cref="Value"/>, never merely equal content.
/// </summary>
internal sealed class NodeKeys
{
    private const int MaxParameterBytes = 1024;

    private readonly Dictionary<Value, int> _numbers = [];

    /// <summary>The node's text, or null where an attribute holds a tensor or a graph.</summary>
    /// <param name="node">The node.</param>
    /// <param name="byContent">
    /// Says of an input's index that it is a parameter such as a shape or axes, which is compared by what it holds.
    /// </param>
    public string? Of(Node node, Func<int, bool>? byContent = null)
    {
        var text = new StringBuilder();
        text.Append(node.IsStandard ? "" : node.Domain).Append('|').Append(node.OpType).Append('|').Append(node.Overload);
        foreach (var (name, value) in node.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            if (AttributeText(value) is not { } attribute)
                return null;
            text.Append('|').Append(name).Append('=').Append(attribute);
        }

        for (var i = 0; i < node.Inputs.Count; i++)
            text.Append(";").Append(InputText(node.Inputs[i], byContent?.Invoke(i) ?? false));
        text.Append('>').AppendJoin(',', node.Outputs.Select(o => o is null ? '0' : '1'));
        return text.ToString();
    }

    private string InputText(Value? value, bool byContent)
    {
        if (value is null)
            return "-";
        if (byContent && value.Constant() is { Strings: null } data && data.Count * data.Element.Bits() <= MaxParameterBytes * 8)
            return $"{data.Element}[{string.Join(',', data.Dims)}]{Convert.ToHexString(data.Bytes.Span)}";
        if (!_numbers.TryGetValue(value, out var number))
            _numbers[value] = number = _numbers.Count;
        return number.ToString(CultureInfo.InvariantCulture);
    }

    private static string? AttributeText(AttributeValue value) => value switch
    {
        IntAttribute i => $"i{i.Value}",
        FloatAttribute f => $"f{BitConverter.SingleToInt32Bits(f.Value)}",
        StringAttribute s => $"s{Convert.ToHexString(s.Bytes.Span)}",
        IntsAttribute n => $"I{string.Join(',', n.Values)}",
        FloatsAttribute n => $"F{string.Join(',', n.Values.Select(BitConverter.SingleToInt32Bits))}",
        StringsAttribute n => $"S{string.Join(',', n.Values.Select(b => Convert.ToHexString(b.Span)))}",
        _ => null,
    };
}
