using System.Globalization;
using System.Text;

namespace MsSrConvert.PyTorch.Code;

/// <summary>Writes values as Python and breaks long lines.</summary>
internal static class PythonText
{
    private const int Width = 100;
    private const int Indent = 4;

    /// <summary>A float as a literal that reads back to the same 32 bits.</summary>
    public static string Of(float value)
    {
        if (!float.IsFinite(value))
            return float.IsNaN(value) ? "float(\"nan\")" : value > 0 ? "float(\"inf\")" : "-float(\"inf\")";
        var text = value.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e", StringComparison.Ordinal);
        return text.Contains('.', StringComparison.Ordinal) || text.Contains('e', StringComparison.Ordinal) ? text : $"{text}.0";
    }

    /// <summary>A list: <c>[1, 2]</c>.</summary>
    public static string List(IEnumerable<string> items) => $"[{string.Join(", ", items)}]";

    /// <summary>A list of numbers.</summary>
    public static string List(IEnumerable<long> items) => List(items.Select(i => i.ToString(CultureInfo.InvariantCulture)));

    /// <summary>A number, or a list where the numbers differ.</summary>
    public static string OneOrList(IReadOnlyList<long> items) =>
        items.Distinct().Count() == 1 ? items[0].ToString(CultureInfo.InvariantCulture) : List(items);

    /// <summary>
    /// A statement, indented, over several lines where it is long: it is broken after commas of the widest brackets.
    /// </summary>
    public static string Statement(string text, int depth)
    {
        var indent = new string(' ', depth * Indent);
        if (indent.Length + text.Length <= Width || Brackets(text) is not { } brackets)
            return indent + text;
        var result = new StringBuilder(indent).Append(text, 0, brackets.Open + 1);
        var end = text[brackets.Close..];
        var line = "";
        foreach (var part in Parts(text[(brackets.Open + 1)..brackets.Close]))
        {
            if (line.Length > 0 && indent.Length + Indent + line.Length + part.Length + end.Length > Width)
            {
                result.Append('\n').Append(Statement(line, depth + 1));
                line = "";
            }

            line += (line.Length > 0 ? " " : "") + part;
        }

        return result.Append('\n').Append(Statement(line, depth + 1)).Append(end).ToString();
    }

    // The widest pair of brackets: what stands in it can go on the next lines.
    private static (int Open, int Close)? Brackets(string text)
    {
        (int Open, int Close)? widest = null;
        var open = new Stack<int>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '(' or '[')
            {
                open.Push(i);
            }
            else if (text[i] is ')' or ']' && open.TryPop(out var at)
                && (widest is null || i - at > widest.Value.Close - widest.Value.Open))
            {
                widest = (at, i);
            }
        }

        return widest;
    }

    private static IEnumerable<string> Parts(string arguments)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i < arguments.Length; i++)
        {
            depth += arguments[i] switch { '(' or '[' => 1, ')' or ']' => -1, _ => 0 };
            if (depth > 0 || arguments[i] != ',')
                continue;
            yield return arguments[start..(i + 1)].Trim();
            start = i + 1;
        }

        yield return arguments[start..].Trim();
    }
}
